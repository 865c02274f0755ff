/** Approves what a project proposes, as its user would. */
import { execute, type Result } from './execute.ts';
import { repository } from './managers.ts';

/** `tarwarden allow …` in a folder. */
export async function allow(
  { env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  ...args: readonly string[]
): Promise<Result> {
  const program = `${repository}/packages/cli/bin/tarwarden.js`;
  return execute(process.execPath, [program, 'allow', ...args], { cwd, env });
}

/** Approves all exceptions that the policy of a project proposes. @throws Error where that fails. */
export async function approveAll(where: {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}): Promise<void> {
  const { code, stdout, stderr } = await allow(where, '--approve', '--yes');
  if (code !== 0) throw new Error(`nothing was approved: ${stdout}${stderr}`);
}
