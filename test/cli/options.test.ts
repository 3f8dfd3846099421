import {
  list,
  listOf,
  oneOf,
  optionalListOf,
  optionalOneOf,
  optionalText,
  toggle,
  wholeNumber,
} from '../../src/cli/options.ts';
import { UsageError } from '../../src/core/errors.ts';

const number = wholeNumber({ describe: 'how many', minimum: 1, fallback: 20 });

describe('wholeNumber', () => {
  it.each([
    ['1', 1],
    ['007', 7],
    ['1e3', 1000],
  ])('takes %s', (text, value) => {
    expect(number.parse(text, '--n')).toBe(value);
  });

  it.each(['0', '-1', '1.5', 'NaN', 'Infinity', '', ' ', 'ten', '12x', '9007199254740993'])('refuses %j', (text) => {
    expect(() => number.parse(text, '--n')).toThrow(
      new UsageError(`--n must be a whole number of at least 1, got '${text}'`),
    );
  });
});

describe('names', () => {
  const choices = ['agent', 'random', 'noop'] as const;
  const one = oneOf({ describe: 'who', choices, fallback: 'agent' });
  const some = listOf({ describe: 'who', choices, fallback: ['agent'] });

  it('are taken as they are', () => {
    expect(one.parse('noop', '--who')).toBe('noop');
    expect(optionalOneOf('who', choices).parse('noop', '--who')).toBe('noop');
    expect(some.parse('noop, agent', '--who')).toEqual(['noop', 'agent']);
    expect(list('which', ['a']).parse('b,c.yaml', '--which')).toEqual(['b', 'c.yaml']);
  });

  it('are refused with the nearest spelling', () => {
    const message = "unknown --who value 'rnadom'. Did you mean 'random'? Known: agent, random, noop.";
    expect(() => one.parse('rnadom', '--who')).toThrow(new UsageError(message));
    expect(() => some.parse('agent,rnadom', '--who')).toThrow(new UsageError(message));
  });

  it.each(['', 'agent,', ',agent', 'agent,,noop'])('must not be empty: %j', (text) => {
    expect(() => some.parse(text, '--who')).toThrow(`--who is a list of names with commas between, got '${text}'`);
  });

  it('may be all of them', () => {
    const any = optionalListOf('who', choices);
    expect(any.parse('all', '--who')).toEqual(choices);
    expect(any.parse('noop,agent', '--who')).toEqual(['noop', 'agent']);
    expect(() => any.parse('all,noop', '--who')).toThrow("unknown --who value 'all'");
    expect(any.fallback).toBeUndefined();
  });

  it('must not be given twice', () => {
    expect(() => some.parse('agent,noop,agent', '--who')).toThrow("--who names 'agent' twice");
  });
});

describe('toggle', () => {
  it.each([
    ['true', true],
    ['1', true],
    ['on', true],
    ['false', false],
    ['0', false],
    ['', false],
  ])('reads %j as %p', (text, value) => {
    expect(toggle('x').parse(text, 'AMITABLE_X')).toBe(value);
  });

  it('refuses anything else', () => {
    expect(() => toggle('x').parse('maybe', 'AMITABLE_X')).toThrow("AMITABLE_X is on or off, got 'maybe'");
  });
});

test('text must not be blank', () => {
  expect(optionalText('where', 'DIR').parse('runs/a b', '--out')).toBe('runs/a b');
  expect(() => optionalText('where', 'DIR').parse(' ', '--out')).toThrow('--out must not be empty');
});
