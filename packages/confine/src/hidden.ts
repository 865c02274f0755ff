/*
 * What is not to be read. Landlock can only allow, so that everything is allowed that is not on the way to it: each folder
 * beside that way, and each file. Links are left out, since a rule would hold for what they lead to.
 */
import { existsSync, readdirSync, realpathSync, type Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWithin } from '@tarwarden/host/real-path';
import { foldersAbove } from './project.ts';
import { ConfineError } from './refusal.ts';

/** Rules for one program: as many have to fit on its command line. */
const RULES_MAX = 8192;

/**
 * Paths that may be read with all below them, so that none of `hidden` can be.
 * @param writable Folders in which files are made, which a rule by name would miss.
 * @throws ConfineError where something hidden lies in one of these.
 */
export function readable(hidden: readonly string[], writable: readonly string[]): string[] {
  const real = [...new Set(hidden.filter((path) => existsSync(path)).map((p) => realpathSync(p)))];
  for (const path of real)
    for (const folder of writable)
      if (isWithin(folder, path))
        throw new ConfineError(
          `${path} cannot be hidden: it lies in ${folder}, where writing is allowed`,
        );
  const ways = new Set(real.flatMap((path) => foldersAbove(dirname(path))));
  const all = [...ways].flatMap((folder) =>
    entriesOf(folder)
      .filter((entry) => !entry.isSymbolicLink())
      .map(({ name }) => join(folder, name))
      .filter((path) => !ways.has(path) && !real.includes(path)),
  );
  if (all.length > RULES_MAX)
    throw new ConfineError(
      `${all.length} files and folders lie beside what is to be hidden, and ${RULES_MAX} can be named`,
    );
  return all;
}

/** A folder that cannot be listed by us cannot be read by the program either. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Files and folders of the home folder in which programs keep what signs a person in. */
const SECRETS = [
  '.aws',
  '.azure',
  '.bundle/config',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.config/configstore',
  '.config/gcloud',
  '.config/gh',
  '.config/git/credentials',
  '.config/go/env',
  '.config/hub',
  '.config/pip',
  '.config/pnpm',
  '.config/pypoetry/auth.toml',
  '.docker',
  '.gem/credentials',
  '.git-credentials',
  '.gnupg',
  '.kube',
  '.local/share/gem/credentials',
  '.local/share/keyrings',
  '.mozilla',
  '.netrc',
  '.npmrc',
  '.password-store',
  '.pip',
  '.pypirc',
  '.ssh',
  '.terraform.d/credentials.tfrc.json',
  '.vault-token',
  '.yarnrc',
  '.yarnrc.yml',
] as const;

export function secretsOf(home: string): string[] {
  return SECRETS.map((name) => join(home, name)).filter((path) => existsSync(path));
}
