import { systemAuthorities, type HostReach, type NetworkSettings } from '@tarwarden/host';
import { readSettingsText, type Variables } from '@tarwarden/settings';

export interface ClientNetwork {
  /** A file with certificate authorities. */
  readonly ca: string | undefined;
  readonly proxy?: string | undefined;
  readonly reach?: HostReach | undefined;
}

/** How pip and Bundler reach servers: with the authorities of that file, else with those of the system. A proxy of the environment counts anyway. */
export function networkOf(env: Variables, { ca, proxy, reach }: ClientNetwork): NetworkSettings {
  const text = ca === undefined ? undefined : readSettingsText(ca, { follow: true });
  const system = text === undefined ? systemAuthorities(env) : [text];
  return {
    ...(system !== undefined && { ca: system }),
    ...(proxy !== undefined && { httpProxy: proxy, httpsProxy: proxy }),
    userAgent: 'tarwarden audit',
    ...(reach !== undefined && { reach }),
  };
}
