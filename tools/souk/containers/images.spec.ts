import { serviceImages } from './images';

const { SOUK_IMAGES } = process.env;

afterEach(() => {
  if (SOUK_IMAGES === undefined) delete process.env['SOUK_IMAGES'];
  else process.env['SOUK_IMAGES'] = SOUK_IMAGES;
});

test('the public images come from the compose file', () => {
  delete process.env['SOUK_IMAGES'];
  expect(serviceImages()).toEqual({
    'limits-redis': expect.stringMatching(/^redis:/) as string,
    'load-balancer': expect.stringMatching(/^haproxy:/) as string,
    mysql: expect.stringMatching(/^mysql:/) as string,
    rabbitmq: expect.stringMatching(/^rabbitmq:/) as string,
    redis: expect.stringMatching(/^redis:/) as string,
  });
});

test('SOUK_IMAGES replaces the images of the services that it names', () => {
  process.env['SOUK_IMAGES'] = 'haproxy:2.6,registry.example/library/mariadb:11.8';
  expect(serviceImages()).toMatchObject({
    'load-balancer': 'haproxy:2.6',
    mysql: 'registry.example/library/mariadb:11.8',
    redis: expect.stringMatching(/^redis:/) as string,
  });
});

test('a Redis image replaces that of both servers', () => {
  process.env['SOUK_IMAGES'] = 'valkey:8';
  expect(serviceImages()).toMatchObject({ redis: 'valkey:8', 'limits-redis': 'valkey:8' });
});

test('an image that no service can run is refused', () => {
  process.env['SOUK_IMAGES'] = 'postgres:17';
  expect(() => serviceImages()).toThrow("SOUK_IMAGES can't name postgres:17; it can name: mysql, mariadb, rabbitmq");
});
