"""step_caller.py TRACKER CALLS: logs a value by step so often, and prints what a call took. Ending is not timed."""
import sys
import time

tracker, calls = sys.argv[1], int(sys.argv[2])
finish = lambda: None
if tracker == "epochal":
    import epochal
    run = epochal.init(epochs=1)
    epochs = run.epochs()
    next(epochs)
    log = lambda step: run.log({"loss": 1.0 / step}, step=step)
    finish = lambda: [None for _ in epochs]
elif tracker == "wandb":
    import wandb
    run = wandb.init(project="bench", mode="offline")
    log = lambda step: run.log({"loss": 1.0 / step}, step=step)
    finish = run.finish
elif tracker == "tensorboardX":
    from tensorboardX import SummaryWriter
    writer = SummaryWriter("runs")
    log = lambda step: writer.add_scalar("loss", 1.0 / step, step)
    finish = writer.close
else:
    import mlflow
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.start_run()
    log = lambda step: mlflow.log_metric("loss", 1.0 / step, step=step)
    finish = mlflow.end_run

for step in range(1, 101):
    log(step)
start = time.perf_counter()
for step in range(101, calls + 101):
    log(step)
taken = time.perf_counter() - start
print(f"microseconds {1e6 * taken / calls:.2f}", flush=True)
finish()
