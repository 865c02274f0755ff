import { printablePath } from '@tarwarden/core/text';
import { loadPolicy, projectRoot, type PolicyFileInForce } from '@tarwarden/guard';
import { tell } from '@tarwarden/guard/command-line';

/** The policy that holds in a folder. Its warnings are printed. */
export function policyIn(cwd: string = process.cwd()): ReturnType<typeof loadPolicy> {
  const loaded = loadPolicy({ cwd, env: process.env });
  for (const warning of loaded.warnings) tell(`warning: ${warning}`);
  return loaded;
}

const KINDS: Readonly<Record<PolicyFileInForce['kind'], string>> = {
  machine: 'the policy of this machine',
  user: 'your own policy',
  project: 'the policy of this project',
};

/** The line about a policy file that counts. */
export function policyFileText({ path, kind }: PolicyFileInForce): string {
  return `policy    ${printablePath(path)} (${KINDS[kind]})\n`;
}

/** Code scanning knows a file by its path in the repository. The scan may start in any folder of it. */
export function sourceFolders(): { cwd: string; root: string } {
  const cwd = process.cwd();
  return { cwd, root: projectRoot(cwd) };
}
