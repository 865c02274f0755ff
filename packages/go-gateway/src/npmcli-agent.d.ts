/** The part that is used; the package has no types of its own. */
declare module '@npmcli/agent' {
  import type { Agent as HttpAgent, AgentOptions } from 'node:http';

  /** For http and https, through one proxy. `noProxy` has the hosts that are asked directly; those of the environment unless given. */
  export const Agent: new (
    options: AgentOptions & {
      readonly ca?: string[];
      readonly proxy: string;
      readonly noProxy: readonly string[];
    },
  ) => HttpAgent;
}
