/**
 * The engine's door: TensorFlow.js programs, compiled to ONNX or run eagerly. Importing it loads TensorFlow.js;
 * ONNX Runtime and the eager backends are loaded when first used.
 */
export { compile } from './compile.ts';
export { type DeviceReport, probeDevices, requireDevice } from './devices.ts';
export { type EagerBackendName, eagerBackendNames } from './eager-backends.ts';
export {
  type CompileOptions,
  type DeviceName,
  deviceNames,
  type ElementType,
  type Executable,
  type Program,
  type TensorSpec,
  type Tensors,
  type Values,
} from './program.ts';
export { type EagerOptions, runEager } from './run-eager.ts';
export {
  type DataType,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tf,
} from './tf.ts';
