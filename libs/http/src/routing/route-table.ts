import type { RouteDeclaration } from '@souk/contracts';
import type { Express, IRoute, Request, Response } from 'express';
import { refuseOtherMethods, type Refuse, type ServedMethod } from './unserved';

/** The routes of a service, by path. */
interface RouteTable {
  /** In the order in which they were added. */
  readonly routes: readonly RouteDeclaration[];
  add(route: RouteDeclaration, handle: (request: Request, response: Response) => Promise<void>): void;
  /** Refuses, on each path, the methods that it doesn't have. Call it after all routes are added. */
  refuseOtherMethods(refuse: Refuse): void;
}

export function createRouteTable(app: Express): RouteTable {
  const routes: RouteDeclaration[] = [];
  const paths = new Map<string, { expressRoute: IRoute; methods: ServedMethod[] }>();
  return {
    routes,
    add: (route, handle) => {
      const path = paths.get(route.path) ?? { expressRoute: app.route(route.path), methods: [] };
      path.expressRoute[route.method]((request, response, next) => {
        // Express passes HEAD to GET handlers; here, it goes on to the handler that refuses methods.
        if (route.changesOnGet && request.method === 'HEAD') next();
        else void handle(request, response);
      });
      path.methods.push(route.method);
      if (route.method === 'get' && !route.changesOnGet) path.methods.push('head');
      paths.set(route.path, path);
      routes.push(route);
    },
    refuseOtherMethods: (refuse) => {
      for (const { expressRoute, methods } of paths.values()) refuseOtherMethods(expressRoute, methods, refuse);
    },
  };
}
