/** The variables that tell a floor where its engines are. */
export const MYSQL_VARIABLE = 'FLOOR_MYSQL_URL';
export const RABBITMQ_VARIABLE = 'FLOOR_RABBITMQ_URL';

/** The variable that gives a role the port of a role started before it. */
export const portVariable = (role: string) => `FLOOR_${role.toUpperCase()}_PORT`;
