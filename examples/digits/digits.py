"""scikit-learn's classifier of handwritten digits, epoch by epoch, with epochal's Python client."""
import pickle

import epochal
import numpy
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

run = epochal.init(learning_rate=1e-3, hidden=32, epochs=8)
images, names = load_digits(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(images / 16, names, test_size=0.3, random_state=0)

model = MLPClassifier([run.hidden], learning_rate_init=run.learning_rate, random_state=run.seed)
if run.restore_folder:
    # The classifier holds all of its state: weights, Adam's moments, and the random numbers.
    model = pickle.loads((run.restore_folder / "model.pickle").read_bytes())
for epoch in run.epochs():
    model.partial_fit(train_x, train_y, classes=numpy.arange(10))
    run.log({"train.loss": model.loss_}, samples=len(train_x))
    run.log({"val.loss": log_loss(test_y, model.predict_proba(test_x)), "val.accuracy": model.score(test_x, test_y)})
    run.save(lambda folder: (folder / "model.pickle").write_bytes(pickle.dumps(model)))
