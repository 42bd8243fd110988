// A perceptron that learns "or", in Rust: it speaks to epochal through lines alone, on standard output.
use std::env;

fn main() {
    let rate: f64 = env::args().nth(1).expect("a rate").parse().expect("a number");
    let epochs: u32 = env::var("EPOCHAL_EPOCHS").expect("epochal").parse().expect("a number");
    let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let mut weights = [0.0f64; 2];
    let mut bias = -1.0f64;
    for epoch in 1..=epochs {
        let mut errors = 0;
        for x in &inputs {
            let wanted = if x[0] + x[1] > 0.0 { 1.0 } else { 0.0 };
            let said = if weights[0] * x[0] + weights[1] * x[1] + bias > 0.0 { 1.0 } else { 0.0 };
            for (weight, value) in weights.iter_mut().zip(x) {
                *weight += rate * (wanted - said) * value;
            }
            bias += rate * (wanted - said);
            if said != wanted {
                errors += 1;
            }
        }
        println!("epochal: {{\"epoch\": {}, \"train.errors\": {}}}", epoch, errors);
    }
}
