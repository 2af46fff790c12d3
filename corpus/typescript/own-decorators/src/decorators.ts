export function logged(label: string) {
  return function (_target: object, name: string, descriptor: PropertyDescriptor): PropertyDescriptor {
    const original = descriptor.value as (...args: unknown[]) => unknown;
    return {
      ...descriptor,
      value(...args: unknown[]) {
        console.log(label, name, args.length);
        return original.apply(this, args);
      },
    };
  };
}

export const sealed = <T extends new (...args: any[]) => object>(constructor: T): T => {
  Object.seal(constructor.prototype);
  return constructor;
};
