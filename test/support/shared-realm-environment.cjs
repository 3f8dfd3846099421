// Jest runs tests in a fresh realm whose typed arrays onnxruntime-node's native code rejects.
// This environment gives the tests the outer realm's constructors, and TensorFlow.js, which jest.config.js maps to
// ./shared-modules: once for all test files of a process, and free of the intercepted globals. That saves a quarter of the
// CPU time of tests that compute eagerly.
const { TestEnvironment } = require('jest-environment-node');

const shared = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
];

module.exports = class SharedRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of shared) this.global[name] = globalThis[name];
    this.global.loadShared = (name) => require(name);
  }
};
