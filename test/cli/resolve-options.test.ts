import type { Options } from '../../src/cli/command.ts';
import { optionalText, requiredText, toggle, wholeNumber } from '../../src/cli/options.ts';
import { type OptionSources, resolveOptions } from '../../src/cli/resolve-options.ts';

const options = {
  batchSize: wholeNumber({ describe: 'how many', minimum: 1, fallback: 16 }),
  out: optionalText('where', 'DIR'),
  json: toggle('as JSON'),
} satisfies Options;

const resolve = (sources: Partial<OptionSources>): Record<string, unknown> =>
  resolveOptions(options, { flags: {}, environment: {}, file: null, ...sources });

const file = { path: 'my.yaml', values: { 'batch-size': '2', out: 'from-file' } };

describe('resolveOptions', () => {
  it('falls back to what the option says, or to nothing', () => {
    expect(resolve({})).toEqual({ batchSize: 16, out: undefined, json: false });
  });

  it('takes the command line before the environment before the file', () => {
    const environment = { AMITABLE_BATCH_SIZE: '3', AMITABLE_JSON: '1' };
    expect(resolve({ file })).toEqual({ batchSize: 2, out: 'from-file', json: false });
    expect(resolve({ file, environment })).toEqual({ batchSize: 3, out: 'from-file', json: true });
    const flags = { 'batch-size': '4', json: 'false' };
    expect(resolve({ file, environment, flags })).toEqual({ batchSize: 4, out: 'from-file', json: false });
  });

  it('says where a wrong value came from', () => {
    const wrong = "must be a whole number of at least 1, got 'x'";
    expect(() => resolve({ flags: { 'batch-size': 'x' } })).toThrow(`--batch-size ${wrong}`);
    expect(() => resolve({ environment: { AMITABLE_BATCH_SIZE: 'x' } })).toThrow(`AMITABLE_BATCH_SIZE ${wrong}`);
    expect(() => resolve({ file: { path: 'my.yaml', values: { 'batch-size': 'x' } } })).toThrow(
      `'batch-size' in my.yaml ${wrong}`,
    );
  });

  it('refuses unknown names in a file, with the nearest spelling', () => {
    expect(() => resolve({ file: { path: 'my.yaml', values: { 'batch-szie': '1' } } })).toThrow(
      "unknown option in my.yaml 'batch-szie'. Did you mean 'batch-size'? Known: batch-size, out, json.",
    );
  });

  it('leaves foreign environment variables alone', () => {
    expect(resolve({ environment: { AMITABLE_LONG_TESTS: '1', PATH: '/bin' } }).batchSize).toBe(16);
  });

  it('asks for what is needed', () => {
    const needed = { task: requiredText('A task', 'ID') };
    expect(() => resolveOptions(needed, { flags: {}, environment: {}, file: null })).toThrow(
      '--task is needed: A task',
    );
  });
});
