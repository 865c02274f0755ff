/* The schema of server.yaml. The JSON schema for editors is generated from it. Every object is closed: an unknown key is an error. */
import { isIP } from 'node:net';
import * as v from 'valibot';
import { closed, describedText, matching } from '@tarwarden/core/policy';
import { choice, count, duration, listOf, named, size, yesOrNo } from './schema-values.ts';

const ADDRESS = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/;
const FORM_OF_ADDRESS = 'an http or https address without a user name, a query or a fragment';

function address(description: string): v.GenericSchema<unknown, string> {
  const message = `must be ${FORM_OF_ADDRESS}`;
  return v.pipe(
    matching(ADDRESS, FORM_OF_ADDRESS, description),
    v.check((value) => !ADDRESS.test(value) || URL.canParse(value), message),
  );
}

function proxyAddress(description: string): v.GenericSchema<unknown, string> {
  const form = 'an http or https address of a proxy, without a path';
  return v.pipe(
    matching(/^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#]+\/?$/, form, description),
    v.check((value) => URL.canParse(value), `must be ${form}`),
  );
}

const optional = v.exactOptional;
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*$/;
const HOST_AND_PORT =
  /^(?:[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
/** The first segment must not be `-`, where npm and the gateway have their own paths, and no segment consists of dots. */
const PATH = /^\/(?!-\/)(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/;
const allowHosts = listOf(
  matching(HOST_AND_PORT, 'the name of a host, with or without a port', 'A host.'),
  'Other hosts to which addresses of archives in documents may lead.',
);

const scope = v.union(
  [
    address('The registry of this scope. It gets no credentials of clients.'),
    closed({
      upstream: address('The registry of this scope.'),
      credentials: optional(
        v.union(
          [
            v.literal('pass'),
            closed({ tokenFile: describedText('A file with the token that the gateway sends.') }),
          ],
          'must be pass, or an object with tokenFile',
        ),
      ),
      readableByAll: optional(
        yesOrNo('Confirms that everybody who can ask the gateway may read this scope.'),
      ),
      allowHosts: optional(allowHosts),
    }),
  ],
  `must be ${FORM_OF_ADDRESS}, or an object with upstream`,
);

const registry = closed({
  ecosystem: optional(
    choice(['npm', 'go', 'pypi', 'rubygems'], 'The clients of the registry. Default: npm.'),
  ),
  upstream: address('The registry behind the gateway.'),
  path: optional(
    matching(
      PATH,
      'a path that starts and ends with a slash, such as /npm/',
      'The path at which clients reach the registry. Default: /.',
    ),
  ),
  host: optional(
    matching(
      HOST,
      'the lower-case name of a host, without a port',
      'The host at which clients reach the registry. Default: every host without a registry of its own.',
    ),
  ),
  scopes: optional(
    v.pipe(
      named(/^@[a-z0-9_~][a-z0-9_.~-]*$/, 'a scope in lower case, such as @acme', scope),
      v.description('npm: registries of single scopes.'),
    ),
  ),
  allowHosts: optional(allowHosts),
  hideRefused: optional(
    yesOrNo('npm: leave versions whose archive was rejected out of the documents.'),
  ),
});

const NETWORK = 'an IP address or a network, such as 10.0.0.0/8';
function isNetwork(text: string): boolean {
  const [address = '', bits = '0'] = text.split('/');
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

/** The content of server.yaml, as it is written. */
export type ConfigurationFile = v.InferOutput<typeof configurationSchema>;

export const configurationSchema = closed({
  $schema: optional(describedText('Address of the JSON schema, for editors.')),
  listen: optional(
    matching(
      /^.+:\d{1,5}$/,
      'an address with a port, such as 0.0.0.0:4873',
      'The address to listen on. Default: 127.0.0.1:4873.',
    ),
  ),
  publicUrl: optional(address('The address that clients use.')),
  tls: optional(
    closed({
      certificate: describedText('A PEM file with the certificate, and those of its issuers.'),
      key: describedText('A PEM file with the private key.'),
    }),
  ),
  trustedProxies: optional(
    listOf(
      v.pipe(
        matching(/^[0-9A-Fa-f:.]{2,45}(?:\/\d{1,3})?$/, NETWORK, 'An address or a network.'),
        v.check(isNetwork, `must be ${NETWORK}`),
      ),
      'The proxies in front of the gateway, whose X-Forwarded-For counts.',
    ),
  ),
  proxy: optional(
    closed({
      https: optional(proxyAddress('The proxy for https addresses.')),
      http: optional(proxyAddress('The proxy for http addresses.')),
      noProxy: optional(
        listOf(
          matching(/^[^\s,/]+$/, 'a host, a domain or *', 'A host or domain.'),
          'Hosts that the gateway asks without the proxy.',
        ),
      ),
      ca: optional(describedText('A PEM file with authorities that count beside those of Node.')),
    }),
  ),
  registries: named(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    'a name of a registry: lower-case letters, digits, hyphens and underscores',
    registry,
  ),
  policy: optional(
    describedText(
      'The policy file, as for the guard. Default: that of the user that the server runs as.',
    ),
  ),
  cache: optional(
    closed({
      storage: describedText('A folder, or s3+https://HOST/BUCKET.'),
      bytes: optional(size('The most bytes of accepted archives.')),
      staleIfError: optional(
        duration('How long the gateway sends old documents while the registry does not answer.'),
      ),
    }),
  ),
  limits: optional(
    closed({
      connections: optional(count('The most connections at once.')),
      waitingArchives: optional(size('The most bytes of archives that wait.')),
      uploads: optional(size('The most bytes that clients send at once.')),
      connectionsPerClient: optional(count('The most connections of one client.')),
    }),
  ),
  drain: optional(
    duration('After SIGTERM, how long new requests are still answered. Default: 5s.'),
  ),
  log: optional(
    closed({
      level: optional(
        choice(['debug', 'info', 'warn', 'error', 'silent'], 'The lowest level of lines.'),
      ),
      access: optional(yesOrNo('Whether to write a line for each request.')),
    }),
  ),
});
