import type { PolicyScope } from '@tarwarden/guarded-run/kit';
import { text, type YarnConfig } from './yarn.ts';

/** The scope of the policy. A project's policy file counts only for installs into the project. */
export function yarnPolicyScope(config: YarnConfig, env: NodeJS.ProcessEnv): PolicyScope {
  const project = text(config.lockfileFolder);
  const fetched = project !== undefined && /[\\/]node_modules(?:[\\/]|$)/.test(project);
  return project === undefined || isGlobal(config) || fetched ? { env } : { project, env };
}

/**
 * Whether Yarn installs globally, also for `yarn create`. In such installs Yarn has no command name. So a project that its .yarnrc
 * calls the global folder is not mistaken for one.
 */
export function isGlobal({ cwd, globalFolder, commandName }: YarnConfig): boolean {
  return cwd !== undefined && cwd === globalFolder && text(commandName) === undefined;
}
