/** Until the packages are published, anybody could take their names: no page may tell people to install them by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { names, published } from '../support/publication.ts';
import { repository } from '../support/managers.ts';

const VERBS = 'install|i|ci|add|exec|x|dlx|create|init|view|info|show|update|up|upgrade|why';
/** A command that takes packages by name, and what follows it up to the end of it, or of the text that it is in. */
const COMMAND = new RegExp(
  String.raw`(?<![\w./-])(?:(?:npm|pnpm|yarn|bun)(?:\s+(?:-\S+|global|config))*\s+(?:${VERBS})|npx|pnpx|bunx)(?=\s)((?:(?!',)[^\n${'`'}|;&#])*)`,
  'g',
);

function isOurs(argument: string): boolean {
  const name = argument.replace(/^["']|["']$/g, '').replace(/^--package=/, '');
  return names.some((one) =>
    one.endsWith('/') ? name.startsWith(one) : name === one || name.startsWith(`${one}@`),
  );
}

/** Commands in a text that would get one of our names from a registry. */
function byName(text: string): string[] {
  const commands = [...text.matchAll(COMMAND)]
    .filter(([, rest = '']) => rest.split(/\s+/).some(isOurs))
    .map(([command]) => command.trim());
  const entries = [...text.matchAll(/^\s*["']?pnpm-plugin-tarwarden["']?:.*$/gm)]
    .map(([entry]) => entry.trim())
    // With its SHA-512 no other package of that name is taken.
    .filter((entry) => !entry.includes('+sha512-'));
  return [...commands, ...entries];
}

/** Everything that people read: pages, the texts of the commands, the descriptions of packages. */
function texts(): string[] {
  const list = (folder: string, pattern: RegExp): string[] =>
    readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !/[\\/](?:node_modules|dist|bin)[\\/]/.test(file));
  const top = readdirSync(repository).filter((name) => name.endsWith('.md'));
  return [
    ...top.map((name) => join(repository, name)),
    ...list('docs', /\.md$/),
    ...list('packages', /\.(?:ts|md)$|^package\.json$/),
    ...list('scripts', /\.(?:ts|mjs|sh)$/),
  ];
}

describe('a command that takes a package by name', () => {
  it.each([
    'npm install tarwarden',
    'npm i -g tarwarden@0.1.0',
    'npm install --save-dev @tarwarden/core',
    'npx tarwarden npm ci',
    'npx -y tarwarden@latest scan .',
    'npx --package=tarwarden -- tarwarden scan',
    'pnpm add -g tarwarden',
    'pnpm -w add tarwarden',
    'pnpm add --config pnpm-plugin-tarwarden',
    'pnpm dlx tarwarden scan',
    'yarn dlx tarwarden',
    'yarn global add "tarwarden"',
    'npm view pnpm-plugin-tarwarden dist.integrity',
    'configDependencies:\n  pnpm-plugin-tarwarden: 0.1.0',
  ])('is found: %s', (text) => {
    expect(byName(text)).toHaveLength(1);
  });

  it.each([
    'npm install --global ~/tarballs/tarwarden-0.1.0.tgz',
    'tarwarden npm install left-pad',
    'tarwarden npx create-something',
    'yarn plugin import ~/tarballs/plugin-tarwarden.cjs',
    'npx -y pnpm@12 release --dry-run',
    'npm ci && tarwarden verify',
    'npm install  # tarwarden inspects it',
    '`npm ci`, then `tarwarden verify`',
    'configDependencies:\n  pnpm-plugin-tarwarden: 0.1.0+sha512-abc',
  ])('is not seen in: %s', (text) => {
    expect(byName(text)).toEqual([]);
  });
});

describe.skipIf(published)('before publication', () => {
  it('no text tells people to install by name', () => {
    const files = texts();
    expect(files.length).toBeGreaterThan(100);
    const found = files.flatMap((file) =>
      byName(readFileSync(file, 'utf8')).map((one) => `${relative(repository, file)}: ${one}`),
    );
    expect(found).toEqual([]);
  });

  it('the page says why, and names the files of this version', () => {
    const page = readFileSync(join(repository, 'docs/install.md'), 'utf8');
    expect(page).toContain('not on the public npm registry yet');
    expect(page).toMatch(/anybody can publish/);
    for (const [folder, name] of [
      ['cli', 'tarwarden'],
      ['pnpm-hook', 'pnpm-plugin-tarwarden'],
    ] as const) {
      const manifest = readFileSync(join(repository, 'packages', folder, 'package.json'), 'utf8');
      const { version } = JSON.parse(manifest) as { version: string };
      const used = [...page.matchAll(new RegExp(`(?<![\\w-])${name}-(\\d[\\w.-]*)\\.tgz`, 'g'))];
      expect(used.length).toBeGreaterThan(0);
      expect(new Set(used.map(([, one]) => one))).toEqual(new Set([version]));
    }
  });
});

describe.runIf(published)('after publication', () => {
  it('the page no longer says that nobody has published', () => {
    const page = readFileSync(join(repository, 'docs/install.md'), 'utf8');
    expect(page).not.toContain('not on the public npm registry yet');
  });
});
