// A perceptron that learns "or", in Go: it speaks to epochal through lines alone.
package main

import (
	"encoding/json"
	"os"
	"strconv"
)

type parameters struct {
	Rate float64 `json:"rate"`
}

type epochLine struct {
	Epoch  int     `json:"epoch"`
	Errors float64 `json:"train.errors"`
}

func main() {
	var given parameters
	if err := json.Unmarshal([]byte(os.Getenv("EPOCHAL_PARAMETERS")), &given); err != nil {
		panic(err)
	}
	epochs, _ := strconv.Atoi(os.Getenv("EPOCHAL_EPOCHS"))
	number, _ := strconv.Atoi(os.Getenv("EPOCHAL_FD"))
	lines := json.NewEncoder(os.NewFile(uintptr(number), "epochal"))

	inputs := [][2]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	var weights [2]float64
	bias := -1.0
	for epoch := 1; epoch <= epochs; epoch++ {
		errors := 0.0
		for _, x := range inputs {
			wanted := 0.0
			if x[0]+x[1] > 0 {
				wanted = 1
			}
			said := 0.0
			if weights[0]*x[0]+weights[1]*x[1]+bias > 0 {
				said = 1
			}
			for i := range weights {
				weights[i] += given.Rate * (wanted - said) * x[i]
			}
			bias += given.Rate * (wanted - said)
			if said != wanted {
				errors++
			}
		}
		if err := lines.Encode(epochLine{epoch, errors}); err != nil {
			panic(err)
		}
	}
}
