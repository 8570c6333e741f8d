import { expect, test } from 'vitest';
import { fakeRest, refusal } from '../test/fakeRest';
import { isRefused, Refused } from './rest';

test('an answer is what the box said', async () => {
  const { rest, answer, calls } = fakeRest();
  answer({ body: { claimed: true, version: '0.1.0' } });
  expect(await rest.status()).toEqual({ claimed: true, version: '0.1.0' });
  expect(calls).toEqual([['GET', '/status', undefined]]);
});

test('a refusal carries code, field and how long to wait', async () => {
  const { rest, answer } = fakeRest();
  answer(refusal(429, 'too_many', { retryAfter: 40 }), refusal(400, 'field_invalid', { field: 'name' }));
  await expect(rest.signIn({ userName: 'a', password: 'b' })).rejects.toMatchObject({ code: 'too_many', retryAfter: 40 });
  await expect(rest.changeAccount({ name: '' })).rejects.toMatchObject({ code: 'field_invalid', field: 'name' });
});

test('a wrong claim code says how many more cost no wait', async () => {
  const { rest, answer } = fakeRest();
  answer(refusal(401, 'claim_code_wrong', { triesLeft: 3 }));
  await expect(rest.claim('AAAAAAAA')).rejects.toMatchObject({ code: 'claim_code_wrong', triesLeft: 3, retryAfter: undefined });
});

test('a box that does not answer is unreachable, and an odd answer is an internal failure', async () => {
  const { rest, answer } = fakeRest();
  answer('unreachable', { status: 502, body: 'Bad gateway' }, { status: 500, body: null });
  await expect(rest.account()).rejects.toMatchObject({ code: 'unreachable' });
  await expect(rest.account()).rejects.toMatchObject({ code: 'internal' });
  await expect(rest.account()).rejects.toMatchObject({ code: 'internal' });
});

test('whatever stands in a path stays one part of it', async () => {
  const { rest, answer, calls } = fakeRest();
  answer({}, {}, {});
  await rest.invite('../session?x=1#y');
  await rest.userName('a/b c', 't&u');
  await rest.removeMember('a?b', 'é');
  expect(calls.map(([, path]) => path)).toEqual([
    '/invite/..%2Fsession%3Fx%3D1%23y', '/user-names/a%2Fb%20c?invite=t%26u', '/rooms/a%3Fb/members/%C3%A9',
  ]);
});

test('refusals are told from other errors', () => {
  expect(isRefused(new Refused('forbidden'))).toBe(true);
  expect(isRefused(new Error('forbidden'))).toBe(false);
  expect(isRefused(null)).toBe(false);
});
