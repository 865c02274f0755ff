/** npm as version managers start it: by another Node, from behind a shim of theirs, chosen anew with every call. */
import { chmodSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { available, nodePath, type ManagerName, type NodeName } from '../../support/managers.ts';
import { ARMED_NPM, expectVerified, makeCaller, starting, type Caller } from './world.ts';

const BOTH = ['npm', 'npx'];
const GREEN = { code: 0, status: 'guarded', reason: 'refused' };
const RED = { code: 1, status: 'unguarded', reason: 'installed' };

/** What a version manager leaves of the variable. */
const CLEARED = [
  ['an empty NODE_OPTIONS', 'export NODE_OPTIONS='],
  ['no NODE_OPTIONS', 'unset NODE_OPTIONS'],
] as const;

const FURTHER_PAIRS = [
  ['npm-10', 'node-22', 'system'],
  ['npm-11', 'system', 'node-22'],
] as const;

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** npm and the Node that runs it, newer than the one of verify or older. With TARWARDEN_E2E_FULL=1, the Nodes between as well. */
const PAIRS = (
  [
    ['npm-11', 'node-24', 'system'],
    ['npm-10', 'system', 'node-24'],
    ...(FULL ? FURTHER_PAIRS : []),
  ] as const
).filter(([npm, node, verifying]) => available(npm, node).ok && available(npm, verifying).ok);

/** A folder as version managers keep one for each Node: `node`, `npm` and `npx`. */
function image(caller: Caller, npm: ManagerName, node: NodeName): string {
  const folder = mkdtempSync(join(caller.sandbox.root, 'image-'));
  symlinkSync(nodePath(node), join(folder, 'node'));
  for (const tool of BOTH) {
    writeFileSync(join(folder, tool), starting(npm, `bin/${tool}-cli.js`, { node }));
    chmodSync(join(folder, tool), 0o755);
  }
  return folder;
}

describe.each(PAIRS)('%s under %s, and verify under %s', (npm, node, verifying) => {
  function makeArmed(before?: string): Caller {
    const caller = makeCaller(npm);
    caller.node = verifying;
    Object.assign(caller.env, ARMED_NPM);
    for (const tool of BOTH)
      caller.inFront(
        tool,
        starting(npm, `bin/${tool}-cli.js`, { node, ...(before && { before }) }),
      );
    return caller;
  }

  it('is guarded where NODE_OPTIONS reaches it', async () => {
    await expectVerified(makeArmed(), BOTH, GREEN);
  });

  it('is guarded behind a shim of tarwarden', async () => {
    const caller = makeArmed();
    delete caller.env['NODE_OPTIONS'];
    await caller.shims();
    await expectVerified(caller, BOTH, GREEN);
  });

  const cleared = CLEARED.slice(0, npm === 'npm-11' || FULL ? undefined : 1);
  it.each(cleared)('is found to be unguarded with %s', async (_title, before) => {
    await expectVerified(makeArmed(before), BOTH, { ...RED, remedy: /did not load it/ });
  });
});

/** How the shims of version managers start what they stand for. All of them leave the environment as it is, but for PATH. */
const SHIMS: readonly [string, (folder: string, tool: string) => string][] = [
  // Volta's `npm` is a link to volta-shim, which puts the image first on the PATH.
  ['Volta', (folder, tool) => `PATH="${folder}:$PATH" exec "${folder}/${tool}" "$@"`],
  // asdf's is a script that has `asdf exec` take its own folder out of the PATH.
  ['asdf', (folder, tool) => `PATH="${folder}:\${PATH#*:}" exec ${tool} "$@"`],
  // mise's is a link to mise, which sets variables of its own as well.
  ['mise', (folder, tool) => `export MISE_SHIM=1 PATH="${folder}:$PATH"\nexec ${tool} "$@"`],
];

describe.each(SHIMS)('behind a shim like that of %s', (name, script) => {
  const isFirst = FULL || name === SHIMS[0]?.[0];
  const npm = 'npm-10';
  const node = available(npm, 'node-24').ok ? 'node-24' : 'system';

  /** A caller with the shims of a version manager first on the PATH, which start npm from an image. */
  function makeShimmed(before = ''): Caller {
    const caller = makeCaller(npm);
    const folder = image(caller, npm, node);
    const shims = mkdtempSync(join(caller.sandbox.root, 'version-manager-'));
    for (const tool of BOTH) {
      writeFileSync(join(shims, tool), `#!/bin/sh\n${before}\n${script(folder, tool)}\n`);
      chmodSync(join(shims, tool), 0o755);
    }
    caller.env['PATH'] = [shims, caller.env['PATH']].join(delimiter);
    return caller;
  }

  it('npm is guarded by the variable', async () => {
    const caller = makeShimmed();
    Object.assign(caller.env, ARMED_NPM);
    await expectVerified(caller, ['npm'], GREEN);
  });

  it('npm is guarded by the shims of tarwarden in front', async () => {
    const caller = makeShimmed();
    await caller.shims();
    await expectVerified(caller, ['npm'], GREEN);
  });

  it.runIf(isFirst)('npm is found to be unguarded with the shims of tarwarden behind', async () => {
    const caller = makeShimmed();
    const versions = caller.env['PATH']?.split(delimiter)[0] ?? '';
    await caller.shims();
    caller.env['PATH'] = [versions, caller.env['PATH']].join(delimiter);
    await expectVerified(caller, ['npm'], { ...RED, remedy: /comes before the guarded/ });
  });

  it.runIf(isFirst)('npm is found to be unguarded without any', async () => {
    await expectVerified(makeShimmed(), ['npm'], { ...RED, remedy: /no shim of tarwarden/ });
  });

  it('npm is not called guarded where it clears NODE_OPTIONS behind the shims of tarwarden', async () => {
    const caller = makeShimmed('unset NODE_OPTIONS');
    await caller.shims();
    const { code } = await caller.verify('--manager', 'npm');
    expect(code).not.toBe(0);
  });
});
