-- For a database in EUC_CN, whose characters are those of GB 2312.
CREATE TABLE "名片" (id integer PRIMARY KEY, "名称" text NOT NULL, note text);
INSERT INTO "名片" SELECT n, (ARRAY['智能客服', '代码助手', '合同审阅', '啊', 'mixed 混合 text'])[1 + n % 5], CASE WHEN n % 2 = 0 THEN E'制表\t换行\n反斜杠\\' END
FROM generate_series(1, 500) n;
