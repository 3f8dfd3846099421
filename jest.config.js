const long = process.env.AMITABLE_LONG_TESTS === '1';

export default {
  testEnvironment: '<rootDir>/test/support/shared-realm-environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/support/seed-properties.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  testMatch: [long ? '<rootDir>/test/**/*.long.ts' : '<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  // Modules of finished test files stay in a process's memory: workers that have grown are replaced.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1.5GB',
  testTimeout: long ? 1_800_000 : 120_000,
};
