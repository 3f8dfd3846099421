import { type Tensor, tf } from './tf.ts';

/**
 * The same values, cut from the gradient: what PyTorch calls `detach` and JAX `stop_gradient`.
 *
 * TensorFlow.js has no such operation. A new handle on the same data is on no gradient tape, so back-propagation
 * ends here without any operation in the graph (a custom gradient of zeros would be carried on through
 * everything below).
 */
export function detach(x: Tensor): Tensor {
  const engine = tf.engine();
  const detached = engine.makeTensorFromDataId(x.dataId, x.shape, x.dtype);
  engine.backend.incRef(x.dataId);
  return detached;
}
