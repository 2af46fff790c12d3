module.exports = function logged(api, log) {
  for (const name of Object.keys(api)) {
    const original = api[name];
    if (typeof original === 'function') {
      api[name] = (...args) => {
        log(name, args);
        return original.apply(api, args);
      };
    }
  }
  return api;
};
