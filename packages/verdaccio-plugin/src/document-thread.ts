/* The program of a thread in which the gateway reads a long document. */
import { servePackument } from '@tarwarden/registry-gateway';

servePackument();
