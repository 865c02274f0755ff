/* A file of its own, so that bundles can load the network with the first download and not before. */
import fetch from 'npm-registry-fetch';

export const registryFetch: typeof fetch = fetch;
