# Trains nothing, exactly: each epoch's state is a hash of the one before.
import hashlib
import os
import time

import epochal

run = epochal.init(learning_rate=0.1, sleep=0.0, epochs=3)
with open("pid", "w") as file:
    file.write("%d\n" % os.getpid())
state = ("%d %r" % (run.seed, run.learning_rate)).encode()
if run.restore_folder:
    state = (run.restore_folder / "state").read_bytes()
run.device("cpu")
for epoch in run.epochs():
    for step in range(4):
        time.sleep(run.sleep / 4)
        run.progress(step + 1, 4)
        run.log({"train.batch": epoch + step / 4}, step=4 * (epoch - 1) + step + 1)
    state = hashlib.sha256(state + str(epoch).encode()).digest()
    run.log({"train.loss": int.from_bytes(state[:6], "big") / 2**48}, samples=10, steps=4)
    run.log({"height": epoch})

    def write(folder):
        (folder / "state").write_bytes(state)

    run.save(write)
with open("ended", "a") as file:
    file.write("%s\n" % (run.stopped or "done"))
