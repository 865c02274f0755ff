/* What a thread of the gateway runs that reads a long document. */
import { servePackument } from '@tarwarden/registry-gateway';

servePackument();
