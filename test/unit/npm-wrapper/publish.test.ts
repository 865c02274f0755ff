/** npm gets a tarball to upload only after the guard has accepted these very bytes. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guard/src/run/intercept.ts';
import type { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';
import {
  packInterceptions,
  publishInterceptions,
} from '../../../packages/npm-wrapper/src/publish.ts';

const inspectUpload = vi.fn(async (_bytes: Uint8Array, _expected: object) => undefined);
const guard = { inspectUpload } as unknown as NpmGuard;
const TARBALL = Buffer.from('a tarball');
beforeEach(() => void inspectUpload.mockReset());

type Publish = (...args: readonly unknown[]) => Promise<unknown>;

function guardedPublish(publish: Publish): Publish {
  const exports = { publish };
  interceptAll(publishInterceptions({ exports }, guard));
  return exports.publish;
}

describe('libnpmpublish', () => {
  test('uploads the bytes that were accepted under the name and version of the manifest', async () => {
    const publish = vi.fn(async () => 'published');
    const manifest = { name: '@s/p', version: '1.0.0', private: false };
    expect(await guardedPublish(publish)(manifest, TARBALL, { otp: '1' })).toBe('published');
    expect(inspectUpload.mock.calls).toEqual([[TARBALL, { name: '@s/p', version: '1.0.0' }]]);
    expect(publish.mock.calls).toEqual([[manifest, TARBALL, { otp: '1' }]]);
  });

  test('uploads nothing that is refused', async () => {
    const publish = vi.fn();
    inspectUpload.mockRejectedValue(new Error('refused'));
    await expect(guardedPublish(publish)({}, TARBALL, {})).rejects.toThrow('refused');
    expect(publish).not.toHaveBeenCalled();
  });
});

describe('libnpmpack', () => {
  const pack = async (npmCommand: string): Promise<unknown> => {
    const module = { exports: async () => TARBALL };
    interceptAll(packInterceptions(module, guard));
    return (module.exports as Publish)('.', { npmCommand });
  };

  test.each(['publish', 'stage'])(
    'packs for npm %s what is accepted, also with --dry-run',
    async (command) => {
      expect(await pack(command)).toBe(TARBALL);
      expect(inspectUpload.mock.calls).toEqual([[TARBALL, {}]]);
      inspectUpload.mockRejectedValue(new Error('refused'));
      await expect(pack(command)).rejects.toThrow('refused');
    },
  );

  test('packs for npm pack without an inspection', async () => {
    expect(await pack('pack')).toBe(TARBALL);
    expect(inspectUpload).not.toHaveBeenCalled();
  });
});
