/*
 * One request by the network layer of npm, with the credentials that npm would send. A file of its own, so that bundles
 * can load that layer with the first download that needs it, and not before.
 */
import fetch from 'make-fetch-happen';
import registryFetch from 'npm-registry-fetch';

interface Auth {
  readonly token: string | null;
  readonly auth: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

// Missing in its types.
const { getAuth } = registryFetch as unknown as {
  readonly getAuth: (url: string, options: object) => Auth;
};

type Answer = Awaited<ReturnType<typeof fetch>>;

/**
 * Takes the options of npm-registry-fetch. That itself decodes whatever has a `content-encoding`, also the tarballs of
 * registries that use it for the compression of the file; here the bytes are as they came.
 */
export async function requestTarball(
  url: string,
  options: Readonly<Record<string, unknown>> & {
    readonly timeout: number;
    readonly userAgent: string;
  },
): Promise<Answer> {
  const { userAgent, ...rest } = options;
  const { token, auth, cert, key } = getAuth(url, {
    registry: 'https://registry.npmjs.org/',
    ...options,
  });
  const authorization = token === null ? auth && `Basic ${auth}` : `Bearer ${token}`;
  return fetch(url, {
    maxSockets: 12,
    strictSSL: true,
    ...rest,
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
    retry: { retries: 0 },
    compress: false,
    headers: {
      'user-agent': userAgent,
      ...(authorization && { authorization }),
    },
  });
}
