-- What a database's own settings do to a dump whose taker pins nothing: times in another zone, bytea in another notation.
SELECT format('ALTER DATABASE %I SET %s', current_database(), setting)
FROM unnest(ARRAY['timezone = ''Asia/Shanghai''', 'bytea_output = ''escape''', 'search_path = public, hard']) setting \gexec
ALTER ROLE rig_app SET statement_timeout = '5min';
