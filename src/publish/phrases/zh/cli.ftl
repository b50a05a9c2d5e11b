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
cli-simulate-nothing = 方案里没有班车，没有可以模拟的日子。
cli-simulate-title = 方案 { $plan }，随机模拟 { $days } 天（种子 { $seed }）；括号内为 90% 区间。
cli-simulate-note = 区间的意思：另外一万个这样的日子，其均值十次有九次落在区间内。模拟中的乘客会提前一点到站，方案的承诺不含这段等候。
cli-simulate-promised = 承诺
cli-simulate-expected = 模拟
cli-simulate-demand = 人数 { $percent }
cli-simulate-speed = 车速 { $percent }
cli-simulate-served = 日均乘坐人次
cli-simulate-minutes = 每人次折算分钟
cli-simulate-left = 日均被留下人次
cli-simulate-missed = 日均误车（列车）人次
cli-simulate-objective = 综合成本（元/日）
cli-import-errors = { $path } 有错误，没有写出整理后的文件。请先处理上面的错误。
cli-io-not-found = 没有这个文件或文件夹
cli-io-denied = 没有权限
cli-io-directory = 这是文件夹，不是文件
cli-io-no-directory = 它（或路径中的一段）不是文件夹
cli-import-written = 已写入 { $path }。

compare-title = 方案比较
compare-no-change = 线路、站点、班次和乘客都没有变化。
cli-engine-unreadable = { $path } 不能用：{ $reason }
cli-engine-impossible = 这个问题没有解：{ $reason }
cli-engine-wrong = 结果没有通过核验，请报告此问题：{ $reason }
cli-transit-apart = 没有找到能连通所有有出行需求节点的线网；最好的还缺 { $missed } 个节点。请增加线路条数或每条线路的节点数，或延长搜索时间。
cli-transit-summary = { $lines } 条线路：平均每位乘客 { $average } 分钟（任何线网都不会少于 { $bound } 分钟），{ $direct } % 不用换乘，{ $one } % 换乘一次；所有线路单程合计 { $operator } 分钟（用时 { $seconds } 秒）。
cli-shuttle-summary = 方案代价 { $objective } 元（什么都不开：{ $nothing } 元）；任何方案都不会低于 { $bound } 元：高出下界 { $above } %。{ $vehicles } 辆车，{ $trips } 个班次（用时 { $seconds } 秒）。
cli-scenario-unreadable = 情景文件 { $path } 读不了：{ $reason }。请按 README 的例子写成若干个 [[modification]]。
cli-scenario-failed = 情景文件的第 { $number } 个 [[modification]] 做不了：{ $reason }

cli-serve-project = 项目 { $project } 已在。
cli-serve-ready = 服务已启动：{ $url }（Ctrl-C 结束）
cli-serve-first = 第一位管理员请在 24 小时内用此一次性链接进入：{ $url }
cli-worker-ready = 开始处理任务（Ctrl-C 结束；手头的任务连同目前最好的方案放回队列）。
cli-backup-done = 已把 { $rows } 行备份到 { $path }。
cli-restore-done = 已恢复 { $rows } 行。
cli-restore-full = 数据库不是空的。加上 --replace 会用备份替换其中全部内容。
