/** The REST interface, answered by a test. */
import { createRest, type Rest } from '../protocol/rest';
import type { RestAnswer } from '../platform/types';

export interface FakeRest {
  rest: Rest;
  calls: [method: string, path: string, body: unknown][];
  /** What the next requests are answered with, in this order; without one the box does not answer. */
  answer(...answers: (Partial<RestAnswer> | 'unreachable')[]): void;
}

export function fakeRest(): FakeRest {
  const calls: FakeRest['calls'] = [];
  const answers: (Partial<RestAnswer> | 'unreachable')[] = [];
  return {
    calls,
    answer: (...more) => void answers.push(...more),
    rest: createRest(async (method, path, body) => {
      calls.push([method, path, body]);
      const next = answers.shift() ?? 'unreachable';
      if (next === 'unreachable') throw new TypeError('Failed to fetch');
      return { status: 200, body: null, ...next };
    }),
  };
}

export const refusal = (status: number, code: string, more: object = {}): RestAnswer => ({ status, body: { code, message: code, ...more } });
