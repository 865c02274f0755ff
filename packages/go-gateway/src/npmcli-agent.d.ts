/** The part that is used; the package has no types of its own. */
declare module '@npmcli/agent' {
  import type { Agent, AgentOptions } from 'node:http';

  /** An agent that goes through the proxy which the environment names for a URL, where it names one. */
  export function getAgent(url: URL, options: AgentOptions & { readonly ca?: string[] }): Agent;
}
