import { loadPolicy, projectRoot } from '@tarwarden/host';
import { tell } from '@tarwarden/host/command-line';

/** The policy that holds in a folder. Its warnings are printed. */
export function policyIn(cwd: string = process.cwd()): ReturnType<typeof loadPolicy> {
  const loaded = loadPolicy({ cwd, env: process.env });
  for (const warning of loaded.warnings) tell(`warning: ${warning}`);
  return loaded;
}

/** Code scanning knows a file by its path in the repository. The scan may start in any folder of it. */
export function sourceFolders(): { cwd: string; root: string } {
  const cwd = process.cwd();
  return { cwd, root: projectRoot(cwd) };
}
