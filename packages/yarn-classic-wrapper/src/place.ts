import type { PolicyScope } from '@tarwarden/guarded-run/kit';
import { text, type Config } from './yarn.ts';

/** Whose policy holds: the project's file may speak for what is installed into the project, and for nothing else. */
export function policyScope(config: Config, env: NodeJS.ProcessEnv): PolicyScope {
  const project = text(config.lockfileFolder);
  const fetched = project !== undefined && /[\\/]node_modules(?:[\\/]|$)/.test(project);
  return project === undefined || isGlobal(config) || fetched ? { env } : { project, env };
}

/**
 * Also `yarn create`, which installs there what it runs. Both have Yarn start anew there, for no command: a project that a
 * .yarnrc calls the global folder is a project.
 */
export function isGlobal({ cwd, globalFolder, commandName }: Config): boolean {
  return cwd !== undefined && cwd === globalFolder && text(commandName) === undefined;
}

export function isOnCommandLine(option: string): boolean {
  return process.argv.some((one) => one === option || one.startsWith(`${option}=`));
}
