"""The test functions of the search bench for Optuna. tests/bench/search_functions.cpp has the same ones; the bench compares
the two at random points before it measures anything. Each takes `number(name, low, high)`, `whole(name, low, high)` and
`choice(name, count)`, which give the value of a parameter."""
import math


def branin(ask):
    x, y = ask.number("x", -5, 10), ask.number("y", 0, 15)
    return (y - 5.1 / (4 * math.pi ** 2) * x ** 2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
HARTMANN_P = [[0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
              [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]]
HARTMANN_ALPHA = [1.0, 1.2, 3.0, 3.2]


def hartmann6(ask):
    x = [ask.number(f"x{i}", 0, 1) for i in range(6)]
    return -sum(alpha * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(row_a, x, row_p)))
                for alpha, row_a, row_p in zip(HARTMANN_ALPHA, HARTMANN_A, HARTMANN_P))


def rosenbrock4(ask):
    x = [ask.number(f"x{i}", -2.048, 2.048) for i in range(4)]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def ackley5(ask):
    x = [ask.number(f"x{i}", -32.768, 32.768) for i in range(5)]
    return (-20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / 5))
            - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / 5) + 20 + math.e)


def levy8(ask):
    w = [1 + (ask.number(f"x{i}", -10, 10) - 1) / 4 for i in range(8)]
    middle = sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
    return math.sin(math.pi * w[0]) ** 2 + middle + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)


def func2c(ask):
    """Func-2C of Ru et al., "Bayesian optimisation over multiple continuous and categorical inputs", 2020."""
    first, second = ask.choice("first", 3), ask.choice("second", 5)
    x, y = 2 * ask.number("x", -1, 1), 2 * ask.number("y", -1, 1)
    terms = [(100 * (y - x * x) ** 2 + (1 - x) ** 2) / 300,
             ((4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (4 * y ** 2 - 4) * y ** 2) / 10,
             ((1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2) / 50]
    return terms[first] + terms[min(second, 2)]


def vessel(ask):
    """The pressure vessel of Sandgren 1990, whose constraints are a penalty; two thicknesses are multiples of 1/16 inch."""
    shell, head = 0.0625 * ask.whole("shell", 1, 99), 0.0625 * ask.whole("head", 1, 99)
    radius, length = ask.number("radius", 10, 200), ask.logarithm("length", 10, 200)
    cost = (0.6224 * shell * radius * length + 1.7781 * head * radius ** 2 + 3.1661 * shell ** 2 * length
            + 19.84 * shell ** 2 * radius)
    broken = (max(0, 0.0193 * radius - shell) + max(0, 0.00954 * radius - head)
              + max(0, 1 - (math.pi * radius ** 2 * length + 4 / 3 * math.pi * radius ** 3) / 1_296_000))
    return math.log(cost) + 10 * broken


def tree(ask):
    """The tree of Jenatton et al., "Bayesian optimization with tree-structured dependencies", 2017."""
    left = ask.choice("x1", 2) == 0
    shared = ask.number("r8" if left else "r9", 0, 1)
    inner = ask.choice("x2" if left else "x3", 2)
    leaf = ask.number(f"x{4 + inner + (0 if left else 2)}", -1, 1)
    return leaf ** 2 + 0.1 * (1 + inner + (0 if left else 2)) + shared


FUNCTIONS = {"branin": branin, "hartmann6": hartmann6, "rosenbrock4": rosenbrock4, "ackley5": ackley5, "levy8": levy8,
             "func2c": func2c, "vessel": vessel, "tree": tree}
