import type { Redis } from 'ioredis';
import { describeError, UsageError } from '../../core/errors.ts';
import { codeVersion } from '../../eval/code-version.ts';
import type { Option } from '../command.ts';

/** Workers of other code do not see the work, so that nothing is mixed: equal keys are equal results. */
export function queueName(): string {
  return `amitable-${codeVersion().slice(0, 16)}`;
}

/** `--queue redis://host:6379`, or not at all. */
export const queueOption: Option<string | undefined> = {
  describe: 'Let the workers of this Redis do it (`amitable worker`)',
  placeholder: 'redis://...',
  parse: parseAddress,
};

/** @throws UsageError where it is not the address of a Redis */
export function parseAddress(text: string, flag: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (protocol === 'redis:' || protocol === 'rediss:') return text;
  throw new UsageError(
    `${flag} is the address of a Redis, as redis://host:6379 or, with TLS, rediss://; got '${text}'`,
  );
}

/**
 * A connection that waits for Redis to come back however long that takes; what was asked meanwhile is asked again.
 * @param note is told when it is lost and when it is back
 */
export async function connect(url: string, note: (line: string) => void): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * 2 ** times, 2000),
  });
  let lost = false;
  redis.on('error', (error) => {
    if (!lost) note(`no connection to Redis at ${new URL(url).host} (${describeError(error)}); trying on`);
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) note('connected to Redis again');
    lost = false;
  });
  return redis;
}
