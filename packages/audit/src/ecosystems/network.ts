/* How the user reaches servers, where the client has other settings than npm. */
import { systemAuthorities, type NetworkSettings } from '@tarwarden/host';
import { readSettingsText, type Variables } from '@tarwarden/settings';

export interface Reach {
  /** File with authorities. */
  readonly ca: string | undefined;
  readonly proxy?: string | undefined;
}

/** With the authorities of that file, else with those of the system, as both clients have it. A proxy of the environment counts without being named here. */
export function networkOf(env: Variables, { ca, proxy }: Reach): NetworkSettings {
  const text = ca === undefined ? undefined : readSettingsText(ca, { follow: true });
  const system = text === undefined ? systemAuthorities(env) : [text];
  return {
    ...(system !== undefined && { ca: system }),
    ...(proxy !== undefined && { httpProxy: proxy, httpsProxy: proxy }),
    userAgent: 'tarwarden audit',
  };
}
