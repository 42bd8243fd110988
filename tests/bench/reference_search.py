"""Optimises the test functions with Optuna and prints a line of JSON for each study: function, sampler, seed, and the best
value after every trial.  reference_search.py TRIALS FIRST_SEED SEEDS [FUNCTION]..."""
import json
import sys
import warnings

import optuna

from search_functions import FUNCTIONS

SAMPLERS = {"Optuna": {}, "Optuna, group": {"group": True}, "Optuna, independent": {"multivariate": False}}


class Ask:
    def __init__(self, trial):
        self.trial = trial

    def number(self, name, low, high):
        return self.trial.suggest_float(name, low, high)

    def logarithm(self, name, low, high):
        return self.trial.suggest_float(name, low, high, log=True)

    def whole(self, name, low, high):
        return self.trial.suggest_int(name, low, high)

    def choice(self, name, count):
        return self.trial.suggest_categorical(name, list(range(count)))


def main():
    warnings.simplefilter("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    trials, first, seeds = (int(word) for word in sys.argv[1:4])
    for name in sys.argv[4:] or FUNCTIONS:
        for sampler, options in SAMPLERS.items():
            if sampler == "Optuna, group" and name != "tree":
                continue  # the same as the default where all parameters are always there
            for seed in range(first, first + seeds):
                study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, **options))
                study.optimize(lambda trial: FUNCTIONS[name](Ask(trial)), n_trials=trials)
                best, values = float("inf"), []
                for trial in study.trials:
                    best = min(best, trial.value)
                    values.append(best)
                print(json.dumps({"function": name, "sampler": sampler, "seed": seed, "best": values}), flush=True)


if __name__ == "__main__":
    main()
