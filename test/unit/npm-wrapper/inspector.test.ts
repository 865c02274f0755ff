import { randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PREFACE } from '../../../packages/core/src/containers/tar/preface.ts';
import type { Subject } from '../../../packages/guard/src/refusal/subject.ts';
import type { PromisedIdentity } from '../../../packages/npm-wrapper/src/identity.ts';
import { NpmInspector } from '../../../packages/npm-wrapper/src/inspector.ts';
import { NpmRefusal, type RefusedByNpm } from '../../../packages/npm-wrapper/src/exit.ts';
import { Tarball } from '../../../packages/npm-wrapper/src/tarball.ts';
import { attack } from '../../support/attacks.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { pkg, tgz } from '../../support/pkg.ts';

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'project'));
});

/** With a cache of its own: what the user's remembers would not be inspected. */
const inspector = (): NpmInspector =>
  new NpmInspector(
    { project: join(root, 'project'), env: { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: root } },
    ({ refused, cause }) => new NpmRefusal(refused, cause),
  );
const bad = attack('symlink').build({ name: 'bad' });

/** Why it is refused; undefined where it is accepted. */
async function refused(
  one: NpmInspector,
  bytes: Buffer,
  {
    subject = {},
    promised = [],
  }: { subject?: Subject; promised?: readonly PromisedIdentity[] } = {},
): Promise<RefusedByNpm | undefined> {
  try {
    await one.inspect(Tarball.of(bytes), subject, promised);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(NpmRefusal);
    return (error as NpmRefusal).refused;
  }
}

describe('the inspector of npm', () => {
  test('accepts a clean package, under its own name', async () => {
    const promised = [{ name: 'fixture', version: '1.0.0' }];
    expect(await refused(inspector(), tgz(), { promised })).toBeUndefined();
  });

  test('refuses with the claimed name where none was promised', async () => {
    const why = await refused(inspector(), bad, { subject: { source: 'file:bad.tgz' } });
    expect(why?.subject).toBe('bad@1.0.0');
    expect(why?.reasons).toEqual([expect.stringMatching(/^symlink: package\/link: /)]);
    expect(why?.remedies).toContain('Read the rule: tarwarden rules symlink');
    expect(why?.block).toContain('file:bad.tgz');
  });

  test('remembers what it accepted, and under which name', async () => {
    const one = inspector();
    const bytes = tgz();
    const as = (name: string) => refused(one, bytes, { promised: [{ name }] });
    expect(await as('fixture')).toBeUndefined();
    expect(await as('fixture')).toBeUndefined();
    expect(await as('other')).toMatchObject({
      reasons: [expect.stringMatching(/^manifest-mismatch/)],
    });
    expect(await refused(one, bad)).toBeDefined();
    expect(await refused(one, bad)).toBeDefined();
  });

  test('gives out what accepted bytes unpack to, once', async () => {
    const one = inspector();
    const bytes = tgz();
    expect(await refused(one, bytes)).toBeUndefined();
    expect(one.takeTar(bytes)).toEqual(Buffer.concat([PREFACE, pkg()]));
    expect(one.takeTar(bytes)).toBeUndefined();
    // Remembered, so not unpacked again.
    expect(await refused(one, bytes)).toBeUndefined();
    expect(one.takeTar(bytes)).toBeUndefined();
  });

  test.each<[string, Buffer, PromisedIdentity[]]>([
    ['are refused', bad, []],
    ['are refused under one of their names', tgz(), [{ version: '1.0.0' }, { version: '2.0.0' }]],
  ])('gives out nothing of bytes that %s', async (_, bytes, promised) => {
    const one = inspector();
    expect(await refused(one, bytes, { promised })).toBeDefined();
    expect(one.takeTar(bytes)).toBeUndefined();
  });

  test('keeps only so many unpacked bytes at a time', async () => {
    const one = inspector();
    const [first, second, third] = ['a', 'b', 'c'].map((letter) =>
      tgz({ files: { big: randomFillSync(Buffer.alloc(50 << 20, letter), 0, 1 << 20) } }),
    ) as [Buffer, Buffer, Buffer];
    for (const bytes of [first, second, third]) {
      expect(await refused(one, bytes)).toBeUndefined();
    }
    expect(one.takeTar(third)).toBeUndefined();
    expect(one.takeTar(first)).toBeDefined();
    expect(one.takeTar(second)).toBeDefined();
  });

  test('holds bytes to every identity that was promised', async () => {
    const promised = [{ version: '1.0.0' }, { version: '2.0.0' }];
    const why = await refused(inspector(), tgz(), { promised });
    expect(why?.reasons).toEqual([expect.stringMatching(/^manifest-mismatch/)]);
  });

  test('shows no credentials and no escapes', async () => {
    const source = 'https://user:secret@registry.example/\u001b[2Jbad.tgz';
    const why = await refused(inspector(), bad, { subject: { label: source, source } });
    expect(`${why?.subject}${why?.block}`).not.toMatch(/secret|\u001b/);
    expect(inspector().uninspected({ source }, 'cut').message).not.toMatch(/secret|\u001b/);
  });

  test('refuses what is too long with what to do about it, and nothing else', () => {
    const one = inspector();
    const refusal = one.tooLong({ label: 'a' }, one.tooLarge()) as NpmRefusal;
    expect(refusal.refused).toMatchObject({
      subject: 'a',
      reasons: [`more than ${one.maxBytes} bytes came, and no more are read`],
      remedies: [expect.stringMatching(/^find out where it comes from/)],
    });
    expect(one.tooLong({}, new Error('reset'))).toBeUndefined();
  });

  test('reads the policy of the project only where it may speak', () => {
    writeFileSync(join(root, 'project', 'tarwarden.json'), '{"nonsense": 1}');
    const env = { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: root };
    expect(inspector).toThrow(/tarwarden\.json/);
    expect(() => new NpmInspector({ env }, ({ refused }) => new NpmRefusal(refused))).not.toThrow();
  });
});
