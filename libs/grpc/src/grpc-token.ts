import { Metadata, ServerInterceptingCall, ServerListenerBuilder, ResponderBuilder, status } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';
import { createSecretCheck, isLoopback } from '@souk/service';
import { z } from 'zod';
import { tlsProblem } from './grpc-tls';

/** Settings of every service that makes or answers gRPC calls. */
export const grpcSettings = {
  GRPC_TOKEN: z
    .string()
    .regex(/^[!-~]{16,}$/, 'must have at least 16 visible ASCII characters')
    .optional()
    .describe(
      'A secret that all services share: gRPC servers refuse calls without it. A server that can be reached from outside requires it',
    ),
  GRPC_TLS: z
    .string()
    .superRefine((path, context) => {
      const problem = tlsProblem(path);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .optional()
    .describe(
      'Folder with ca.crt, tls.crt and tls.key: gRPC calls use TLS, and servers require a certificate of that authority from callers',
    ),
};

/** @returns how a service identifies itself in gRPC calls */
export const grpcCredentials = ({ GRPC_TOKEN, GRPC_TLS }: { GRPC_TOKEN?: string; GRPC_TLS?: string }) => ({
  token: GRPC_TOKEN,
  tls: GRPC_TLS,
});

interface GrpcServerSettings {
  SOUK_BIND: string;
  GRPC_BIND?: string | undefined;
  GRPC_TOKEN?: string | undefined;
}

/** Adds the rule about the token to the schema of a service that answers gRPC calls. */
export const checkGrpcToken = <Schema extends z.ZodType<GrpcServerSettings>>(schema: Schema): Schema =>
  schema.refine(
    ({ SOUK_BIND: host = '', GRPC_BIND = host, GRPC_TOKEN }: Partial<GrpcServerSettings>) =>
      GRPC_TOKEN !== undefined || isLoopback(GRPC_BIND),
    {
      path: ['GRPC_TOKEN'],
      error: 'must be set because the gRPC port can be reached from outside',
      when: () => true, // runs even if there are other errors, so that all are reported at once
    },
  );

const HEADER = 'authorization';
const SCHEME = 'Bearer ';

/** The metadata of calls to a server with this token. */
export function callMetadata(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set(HEADER, SCHEME + token);
  return metadata;
}

/**
 * Refuses calls of any service without the token, including health and reflection: a caller with a wrong token isn't ready.
 * @param onRefused called for each refused call
 */
export function requireToken(token: string, onRefused: () => void): ServerInterceptor {
  const isExpected = createSecretCheck(SCHEME + token);
  return (_, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        if (isExpected(String(metadata.get(HEADER)[0]))) return next(metadata);
        onRefused();
        call.sendStatus({ code: status.UNAUTHENTICATED, details: 'The call has no valid token' });
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };
}
