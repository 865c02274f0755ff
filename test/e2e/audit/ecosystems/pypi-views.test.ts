// @module-tag pip
/** Requirements files of which pip installs more than a reader of lines sees. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../../support/execute.ts';
import { startIndex, type SimpleIndex } from '../../../support/pip/index.ts';
import { wheelOf, type Dist } from '../../../support/pip/packages.ts';
import { pips } from '../../../support/pip/pips.ts';
import { makeSandbox, type Sandbox } from '../../../support/sandbox.ts';
import { audited } from '../audited.ts';

const a = wheelOf({ name: 'a' });
const evil = wheelOf({ name: 'evil', hostile: true });

let index: SimpleIndex;
let sandbox: Sandbox;
beforeEach(async () => {
  index = await startIndex({ dists: [a, evil] });
  sandbox = makeSandbox({ project: {} });
  const config = join(sandbox.root, 'xdg/config');
  sandbox.write({ 'pip/pip.conf': `[global]\nindex-url = ${index.url}\n` }, config);
});
afterEach(() => {
  sandbox.dispose();
  index.close();
});

const hashed = ({ project, bytes }: Dist): string =>
  `${project}==1.0 --hash=sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const cases: [string, string][] = [
  ['a form feed', `${hashed(a)}\n# x\f${hashed(evil)}\n`],
  ['a next line', `${hashed(a)}\n# x\u0085${hashed(evil)}\n`],
  ['a carriage return', `${hashed(a)}\n# x\r${hashed(evil)}\n`],
  ['an encoding', `# coding: unicode_escape\n# \\n${hashed(evil)}\n${hashed(a)}\n`],
  ['an include behind an option', `--pre -r more.txt\n${hashed(a)}\n`],
];

describe.each(pips.slice(0, 1))('what $name installs', ({ python, wheel }) => {
  it.each(cases)('after %s is not clean', async (_, text) => {
    sandbox.write({ 'requirements.txt': text, 'more.txt': `${hashed(evil)}\n` });
    const { code } = await audited(sandbox);
    expect(code).not.toBe(0);

    const target = join(sandbox.root, 'target');
    const args = ['-m', 'pip', 'install', '--no-deps', '--target', target];
    const env = { ...sandbox.env, ...(wheel !== undefined && { PYTHONPATH: wheel }) };
    const { project: cwd } = sandbox;
    const installed = await execute(python, [...args, '-r', 'requirements.txt'], { cwd, env });
    expect(installed).toMatchObject({ code: 0 });
    expect(existsSync(join(target, 'evil-1.0.dist-info'))).toBe(true);
  });
});
