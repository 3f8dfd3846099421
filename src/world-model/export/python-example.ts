/** `run.py`, which stands beside the graphs: it checks them against the card and imagines a few steps. */
export const pythonExample = `# pip install onnxruntime numpy
import hashlib, json, pathlib
import numpy as np
import onnxruntime as ort

here = pathlib.Path(__file__).parent
card = json.loads((here / "card.json").read_text())
graphs = {}
for graph in card["graphs"]:
    data = (here / graph["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == graph["sha256"], graph["file"]
    graphs[graph["file"]] = (ort.InferenceSession(data, providers=["CPUExecutionProvider"]), graph)


def run(name, **feeds):
    session, graph = graphs[name + ".onnx"]
    names = [output["name"] for output in graph["outputs"]]
    return dict(zip(names, session.run(names, feeds)))


encoder = graphs["encoder.onnx"][1]
given = {tensor["name"]: np.zeros(tensor["shape"], np.float32) for tensor in encoder["inputs"]}
given["frames"][:] = 240  # put pictures here: RGB, 0 ... 255
seen = run("encoder", **given)

rollout = graphs["rollout.onnx"][1]
shapes = {tensor["name"]: tensor["shape"] for tensor in rollout["inputs"]}
latent = seen["latents"][:, : shapes["latent"][1]]
actions = np.zeros(shapes["actions"], np.float32)
actions[..., 0] = card["normalisation"]["actions"]["high"][0]  # to the right, as fast as it goes
imagined = run("rollout", latent=latent, actions=actions)

step = run("predictor", latent=latent, action=actions[:, 0])
assert np.allclose(step["next"], imagined["latents"][:, 1], atol=1e-4)
for t, places in enumerate(imagined["positions"][0]):
    print(t, "pusher at", places[0].round(3))
`;
