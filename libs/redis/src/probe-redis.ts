import { judgeVersion, type VersionVerdict } from '@souk/service';
import { ReplyError, type Redis } from 'ioredis';

/**
 * Checks what Souk's promises depend on: a primary of a supported version that writes each command to disk before it replies.
 * @throws driver errors
 */
export async function probeRedis(redis: Redis): Promise<VersionVerdict> {
  const info = await redis.info();
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const role = field('role');
  if (role !== 'master') return { refusal: `Redis is a replica (role ${role}), which accepts no writes` };
  if (field('aof_enabled') !== '1') return { refusal: 'Redis has appendonly off: a crash would lose confirmed writes' };
  const fsync = await appendfsync(redis);
  if (fsync !== undefined && fsync !== 'always')
    return { refusal: `Redis has appendfsync ${fsync}: a crash would lose confirmed writes; set it to always` };
  const { refusal, warning } = judgeVersion('redis', field('redis_version'));
  if (refusal) return { refusal };
  const hiddenSetting = 'Redis does not show appendfsync; unless it is "always", a crash loses confirmed writes';
  const warnings = [warning, fsync === undefined ? hiddenSetting : undefined].filter((text) => text !== undefined);
  return warnings.length > 0 ? { warning: warnings.join('; ') } : {};
}

/** @returns undefined if the server doesn't show the setting, as is the case with some managed servers */
async function appendfsync(redis: Redis): Promise<string | undefined> {
  try {
    const [, value] = await redis.config('GET', 'appendfsync');
    return value;
  } catch (error) {
    if (error instanceof ReplyError) return undefined;
    throw error;
  }
}
