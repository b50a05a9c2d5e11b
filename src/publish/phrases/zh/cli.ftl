# cli
cli-error = 错误：
cli-warning = 警告：
cli-note = 提示：
cli-more = …… 同类还有 { $count } 条
cli-more-import = …… 同类还有 { $count } 条（全部列出：jiebo import { $kind } { $file }）
cli-more-all = …… 同类还有 { $count } 条（加 --all-findings 列出更多）
cli-findings = 共发现：错误 { $errors } 条，警告 { $warnings } 条，提示 { $notes } 条。
cli-findings-none = 未发现问题。

cli-folder-unreadable = 无法读取文件夹 { $path }（{ $reason }）。请检查路径是否正确、是否有读取权限。
cli-folder-no-project = { $path } 中没有 project.toml，不是项目文件夹。请检查路径，或先写一个 project.toml（可参照 data/gonghexin）。
cli-folder-too-many = { $path } 中的文件超过 { $reason } 个，看来不是项目文件夹。请检查路径。
cli-file-unreadable = 无法读取文件 { $path }（{ $reason }）。请检查文件是否存在、是否被其他程序占用。
cli-file-too-large = 文件 { $path } 超过 { $reason } MB，不予读取。请截取所需的部分。
cli-plan-unreadable = { $path } 不是可用的方案：{ $reason }
cli-inputs-unreadable = 缺少或无法读取：{ $path }。原因和处理办法见上面的错误。
cli-hopeless = 数据有误，做不出合理的方案，因此没有写出任何文件。请先处理上面的错误。
cli-only-unknown = --only 中的“{ $word }”无法识别。可用：shuttle、parking、rest、groups、rooms。

cli-out-is-project = 输出位置 { $path } 是项目文件夹（或包含它），不能覆盖。请用 -o 另选一个文件夹。
cli-out-is-other = { $path } 不是方案文件夹（其中有：{ $what }），不会覆盖。请用 -o 另选一个文件夹，或把其中的文件移走。
cli-out-impossible = 无法使用输出位置 { $path }（{ $what }）。请用 -o 另选一个文件夹。
cli-out-failed = 无法写入 { $path }（{ $what }），原有文件未改动。请检查磁盘空间和权限。

cli-stopping = 正在停止，将写出目前最好的方案。再按一次 Ctrl-C 立即退出。
cli-stopped = 搜索被提前停止，以下是停止时最好的方案。
cli-progress = ，综合成本 { $yuan } 元/日
cli-summary = 各类日子平均每日 { $served } 人次乘车：{ $lines } 条线（往返各算一条）、{ $stops } 个站、{ $trips } 个班次、{ $vehicles } 辆车。
cli-summary-nothing = 没有找到值得开行的线路：试过的每一条，成本都高于它带来的好处。
cli-summary-cost = 运营费用平均每日 { $cost } 元（不开行的日子也计入）。综合成本 { $objective } 元/日，不开班车为 { $nothing }，理论下限 { $bound }，未实现的收益至多 { $gap } %。
cli-summary-parking = 停车：批准 { $permits } 份申请，未批准 { $refused } 份。
cli-summary-written = 方案 { $plan } 已写入 { $path }（用时 { $seconds } 秒）。请先打开 report.html。

cli-check-passed = 方案 { $plan } 检查通过。
cli-check-failed = 方案 { $plan } 检查未通过：{ $count } 处不符。
cli-import-errors = { $path } 有错误，没有写出整理后的文件。请先处理上面的错误。
cli-io-not-found = 没有这个文件或文件夹
cli-io-denied = 没有权限
cli-io-directory = 这是文件夹，不是文件
cli-io-no-directory = 它（或路径中的一段）不是文件夹
cli-import-written = 已写入 { $path }。

compare-title = 方案比较
compare-no-change = 线路、站点、班次和乘客都没有变化。
cli-scenario-unreadable = 情景文件 { $path } 读不了：{ $reason }。请按 README 的例子写成若干个 [[modification]]。
cli-scenario-failed = 情景文件的第 { $number } 个 [[modification]] 做不了：{ $reason }

cli-serve-project = 项目 { $project } 已在。
cli-serve-ready = 服务已启动：{ $url }（Ctrl-C 结束）
cli-serve-first = 第一位管理员请在 24 小时内用此一次性链接进入：{ $url }
cli-worker-ready = 开始处理任务（Ctrl-C 结束；手头的任务连同目前最好的方案放回队列）。
cli-backup-done = 已把 { $rows } 行备份到 { $path }。
cli-restore-done = 已恢复 { $rows } 行。
cli-restore-full = 数据库不是空的。加上 --replace 会用备份替换其中全部内容。

cli-explain-unknown = 方案中没有人群 { $cohort }；编号见 plan.json 的 unserved 和 riders。
cli-explain-other-inputs = 这个文件夹不是做出该方案时的数据；以下内容可能与方案不符。
cli-explain-arrive-by = 人群 { $cohort }：每天 { $people } 人，从 { $from } 到 { $to }，{ $time } 前到。不坐接驳车：{ $mode }，时间和花费合 { $yuan } 元。
cli-explain-depart-after = 人群 { $cohort }：每天 { $people } 人，从 { $from } 到 { $to }，{ $time } 后走。不坐接驳车：{ $mode }，时间和花费合 { $yuan } 元。
cli-explain-rides = 其中 { $people } 人乘坐 { $trip }。
cli-explain-left = 其中 { $people } 人不乘车：{ $reason }。
cli-explain-no-option = 在他们的限度内没有能坐的班次。
cli-explain-option-better = { $trip }：{ $depart } { $from } → { $arrive } { $to }，合 { $yuan } 元，比不坐省 { $less } 元；余 { $free } 座
cli-explain-option-full = { $trip }：{ $depart } { $from } → { $arrive } { $to }，合 { $yuan } 元，比不坐省 { $less } 元；已满
cli-explain-option-dearer = { $trip }：{ $depart } { $from } → { $arrive } { $to }，合 { $yuan } 元，比不坐多 { $less } 元
cli-explain-no-change = 他们自己改一项、加座位或加一班车，都不能让所有人乘上车。
cli-explain-walk-m = 若步行限度再多 { $amount } 米，他们就能乘车。
cli-explain-wait-min = 若等车限度再多 { $amount } 分钟，他们就能乘车。
cli-explain-minutes-earlier = 若出行时间提前 { $amount } 分钟，他们就能乘车。
cli-explain-minutes-later = 若出行时间推后 { $amount } 分钟，他们就能乘车。
cli-explain-seat = 若 { $trip } 多 { $amount } 个座位，他们就能乘车。
cli-explain-trip = 若 { $line } 在 { $time } 加开一班，他们就能乘车；有车有时间开。
cli-explain-fen = 加开这一班每天多花 { $amount } 元。
