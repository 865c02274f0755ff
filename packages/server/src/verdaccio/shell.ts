/* The place in front of verdaccio's whole application: what is registered here is asked before all that verdaccio and other plugins have. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { App, Middleware } from './express.ts';

export function shellAround(inner: RequestListener): App {
  const middlewares: Middleware[] = [];
  const pass = (index: number, request: IncomingMessage, response: ServerResponse): void => {
    const middleware = middlewares[index];
    if (middleware === undefined) return inner(request, response);
    middleware(request, response, (error) => {
      if (error === undefined) return pass(index + 1, request, response);
      // Whatever it is: the request does not go on.
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-length': 0 }).end();
    });
  };
  const shell = (request: IncomingMessage, response: ServerResponse): void => {
    // As verdaccio has it on every answer.
    response.setHeader('access-control-allow-origin', '*');
    pass(0, request, response);
  };
  return Object.assign(shell, {
    use: (middleware: Middleware): void => void middlewares.push(middleware),
  });
}
