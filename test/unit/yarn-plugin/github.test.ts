/** GitHub's archive of a repository, which Yarn unpacks to the disk where nothing objects. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Fetching } from '../../../packages/yarn-plugin/src/fetches.ts';
import { isTriedFirst, refuseArchive } from '../../../packages/yarn-plugin/src/downloads.ts';
import { locator } from '../../support/yarn-core.ts';

vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).liveCore(),
);

const ARCHIVE = 'https://github.com/owner/project/archive/0123.tar.gz';
const body = Buffer.from('an archive');
const fetching = (reference: string): Fetching =>
  ({ locator: { ...locator, reference } }) as unknown as Fetching;

const objection = vi.fn(async (_bytes: Uint8Array): Promise<string | undefined> => undefined);
const tarball = vi.fn(async (_bytes: Uint8Array, _subject: object) => ({ sha512: '' }));
const guards = { for: vi.fn(async (_configuration: unknown) => ({ objection, tarball })) };
const fetches: { current: Fetching | undefined } = { current: undefined };
const response = { body: body as unknown };
const configuration = { name: 'the configuration' };

beforeEach(() => {
  for (const fake of [objection, tarball, guards.for]) fake.mockClear();
  objection.mockResolvedValue(undefined);
  tarball.mockResolvedValue({ sha512: '' });
  fetches.current = undefined;
  response.body = body;
});

const ask = async (target: string, method?: string): Promise<unknown> => {
  const executor = async () => response;
  const run = refuseArchive(
    executor as never,
    { target, method, configuration } as never,
    { guards, fetches } as never,
  );
  return run();
};

describe('the archive of a repository', () => {
  test.each([ARCHIVE, 'https://user:token@github.com/o/p/archive/a/../b.tar.gz'])(
    'is inspected before Yarn has it: %s',
    async (target) => {
      expect(await ask(target)).toBe(response);
      expect(objection.mock.calls).toEqual([[body]]);
      expect(guards.for).toHaveBeenCalledWith(configuration);
    },
  );

  test('that is objected to is not handed on, and Yarn may clone', async () => {
    fetches.current = fetching('https://github.com/owner/project.git#commit=0123');
    objection.mockResolvedValue('a link leaves it');
    await expect(ask(ARCHIVE, 'GET')).rejects.toThrow(
      "tarwarden: not unpacking GitHub's archive: a link leaves it",
    );
    expect(tarball).not.toHaveBeenCalled();
    expect(fetches.current.refusal).toBeUndefined();
  });

  test('that is the package itself is refused as a tarball', async () => {
    fetches.current = fetching(ARCHIVE);
    objection.mockResolvedValue('a link leaves it');
    tarball.mockRejectedValue(new Error('refused'));
    await expect(ask(ARCHIVE)).rejects.toThrow('refused');
    expect(tarball.mock.calls[0]?.[0]).toBe(body);
    // What a tarball may hold, and the archive of a repository may not, is not handed on either.
    tarball.mockResolvedValue({ sha512: '' });
    await expect(ask(ARCHIVE)).rejects.toThrow('not unpacking');
  });

  test('that cannot be inspected is not handed on', async () => {
    objection.mockRejectedValue(new Error('the thread ended'));
    await expect(ask(ARCHIVE)).rejects.toThrow('the thread ended');
    guards.for.mockRejectedValueOnce(new Error('the policy is not valid'));
    await expect(ask(ARCHIVE)).rejects.toThrow('the policy is not valid');
  });
});

describe('nothing is inspected of', () => {
  test.each([
    'https://registry.example/a/-/a-1.0.0.tgz',
    'https://github.com/owner/project/archive/0123.zip',
    'http://github.com/owner/project/archive/0123.tar.gz',
    'https://github.com.example/owner/project/archive/0123.tar.gz',
    'https://codeload.github.com/owner/project/tar.gz/0123',
  ])('%s', async (target) => {
    expect(await ask(target)).toBe(response);
    expect(guards.for).not.toHaveBeenCalled();
  });

  test('what is sent, or an answer without bytes', async () => {
    expect(await ask(ARCHIVE, 'PUT')).toBe(response);
    response.body = { message: 'Not Found' };
    expect(await ask(ARCHIVE)).toBe(response);
    expect(objection).not.toHaveBeenCalled();
  });
});

test.each([
  [ARCHIVE, 'https://github.com/owner/project.git#commit=0123', true],
  [ARCHIVE, ARCHIVE, false],
  ['https://registry.example/a.tgz', 'npm:1.0.0', false],
])('an archive is only tried before a clone where the package is not one: %s of %s', (...all) => {
  const [target, reference, tried] = all;
  expect(isTriedFirst({ target } as never, fetching(reference))).toBe(tried);
});
