/** Files of another user that pnpm takes from above the project. */
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isOwn,
  pnpmFoundFiles,
  pnpmLayers,
  strangersFileRefusal,
  clientContext,
} from '@tarwarden/settings';
import { HARMLESS } from '../../../packages/settings/src/pnpm/strangers.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';
import { pnpmSettings } from '../../support/settings/pnpm.ts';

const MALLORY = 54_321;

it('calls settings harmless that are classified so', () => {
  const harmless = pnpmSettings
    .filter((row) => row.class === 'harmless')
    .flatMap((row) => row.names.split(/\s+/));
  expect([...HARMLESS].filter((name) => !harmless.includes(name))).toEqual([]);
});

describe.skipIf(process.getuid?.() !== 0)('files of another user', () => {
  let root: string;
  freshFolder((fresh) => (root = fresh));

  /** What is found for each pnpm, of files that belong to another user. The project is below them. */
  function found(files: Readonly<Record<string, string>>, owner = MALLORY): string[] {
    mkdirSync(join(root, 'mine'), { recursive: true });
    writeFileSync(join(root, 'mine/package.json'), '{}');
    for (const [path, text] of Object.entries(files)) {
      putFile(join(root, path), text);
      chownSync(join(root, path), owner, owner);
    }
    const where = clientContext({ folder: join(root, 'mine'), env: { HOME: join(root, 'home') } });
    return ['10.34.8', '11.28.10', '12.21.0'].map((version) => {
      const refusal = strangersFileRefusal('pnpm', pnpmFoundFiles(version, where), where);
      const [problem = '', words = ''] = refusal?.replace(`${root}/`, '').split('\n') ?? [];
      return [problem, words].map((line) => line.replace(/^.*?: /, '')).join(': ');
    });
  }

  const WORKSPACE = 'packages: [mine]\n';
  const all = (text: string): string[] => [text, text, text];
  const whose = `belongs to uid ${MALLORY}`;

  it('a pnpmfile of the workspace', () => {
    expect(found({ 'pnpm-workspace.yaml': '{}\n', '.pnpmfile.cjs': '' })[0]).toBe(
      `.pnpmfile.cjs ${whose}: code`,
    );
  });

  it('the members of a workspace', () => {
    expect(found({ 'pnpm-workspace.yaml': WORKSPACE })).toEqual(
      all(`pnpm-workspace.yaml ${whose}: packages`),
    );
  });

  it.each(['storeDir: /x\n', 'x: &x {registry: http://host/}\n<<: *x\n', 'a: [\n'])(
    '%j',
    (text) => {
      expect(found({ 'pnpm-workspace.yaml': text })[0]).toContain(whose);
    },
  );

  it.each<[Record<string, string>]>([
    [{ 'pnpm-workspace.yaml': '' }],
    [{ 'pnpm-workspace.yaml': 'saveExact: true\ncolor: always\n' }],
    [{ 'pnpm-workspace.yaml': '', 'package.json': '{"name":"theirs"}' }],
    [{ '.npmrc': 'registry=http://host/\n' }],
    [{ 'other/.npmrc': 'registry=http://host/\n', '.pnpmfile.cjs': '' }],
  ])('not %j', (files) => {
    expect(found(files)).toEqual(all(': '));
  });

  it('the .npmrc and the scripts of the root of a workspace', () => {
    expect(found({ 'pnpm-workspace.yaml': '', '.npmrc': 'registry=http://host/\n' })[0]).toBe(
      `.npmrc ${whose}: registry`,
    );
    rmSync(join(root, '.npmrc'));
    const manifest = '{"scripts":{"postinstall":"x"}}';
    expect(found({ 'package.json': manifest })[0]).toBe(
      `package.json ${whose}: scripts.postinstall`,
    );
  });

  it('nothing of this user, and nothing of the owner of the project', () => {
    const files = { 'pnpm-workspace.yaml': WORKSPACE, '.pnpmfile.cjs': '' };
    expect(found(files, 0)).toEqual(all(': '));
    found(files);
    chownSync(join(root, 'mine'), MALLORY, MALLORY);
    expect(found(files)).toEqual(all(': '));
  });

  it('nothing of the owner of the checkout in which root has made a folder', () => {
    const files = { '.git/HEAD': '', 'pnpm-workspace.yaml': WORKSPACE, '.pnpmfile.cjs': '' };
    const checkout = (owner: number, marker: number): string[] => {
      found(files);
      chownSync(root, owner, owner);
      chownSync(join(root, '.git'), marker, marker);
      return found(files);
    };
    expect(checkout(MALLORY, MALLORY)).toEqual(all(': '));
    const where = clientContext({ folder: join(root, 'mine'), env: { HOME: join(root, 'home') } });
    // It is the project's then, and not the user's own.
    expect(pnpmLayers('12.21.0', where)[0]!.filter(isOwn)).toHaveLength(1);
    // In a shared folder anybody can make a `.git`.
    expect(checkout(0, MALLORY)[0]).toContain(whose);
    expect(checkout(MALLORY + 1, MALLORY)[0]).toContain(whose);
    expect(checkout(MALLORY, MALLORY + 1)[0]).toContain(whose);
  });
});
