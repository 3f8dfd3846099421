const long = process.env.AMITABLE_LONG_TESTS === '1';
const page = process.env.AMITABLE_PAGE_TESTS === '1';
const kind = long ? 'long' : page ? 'page' : 'test';

export default {
  testEnvironment: '<rootDir>/test/support/shared-realm-environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/support/seed-properties.ts', '<rootDir>/test/support/compare-bytes.ts'],
  transform: {
    '^.+\\.ts$': [
      '<rootDir>/test/support/transform.cjs',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  // The same for what npm brings: see transform.cjs.
  sandboxInjectedGlobals: ['Math', 'Float32Array', 'Int32Array', 'Uint8Array'],
  moduleNameMapper: {
    '^@tensorflow/(tfjs-core|tfjs-backend-cpu|tfjs-backend-wasm)$': '<rootDir>/test/support/shared-modules/$1.cjs',
  },
  testMatch: [`<rootDir>/test/**/*.${kind}.ts`],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  // Modules of finished test files stay in a process's memory: workers that have grown are replaced.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1.5GB',
  testTimeout: long ? 1_800_000 : page ? 600_000 : 120_000,
};
