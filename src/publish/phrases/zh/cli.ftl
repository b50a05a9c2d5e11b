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
cli-stopped = 已提前停止，以下是到此为止最好的方案；还没来得及做的部分没有，见上面的说明。
cli-progress = ，综合成本 { $yuan } 元/日
cli-summary = 各类日子平均每日 { $served } 人次乘车：{ $lines } 条线（往返各算一条）、{ $stops } 个站、{ $trips } 个班次、{ $vehicles } 辆车。
cli-summary-nothing = 没有找到值得开行的线路：试过的每一条，成本都高于它带来的好处。
cli-summary-cost = 运营费用平均每日 { $cost } 元（不开行的日子也计入）。综合成本 { $objective } 元/日，不开班车为 { $nothing }，理论下限 { $bound }，未实现的收益至多 { $gap } %。
cli-summary-real = 模拟 { $days } 天，综合成本为 { $objective } 元/日（{ $low } – { $high }），什么都不做为 { $nothing } 元/日：每日省 { $saving } 元（{ $saving_low } – { $saving_high }）。
cli-share = { $park }每天承担 { $pays } 元：其乘客节省价值 { $saved } 元，扣除全部成本后净得 { $gain } 元{ $drawn ->
        [yes] （标准误差 { $error }）
       *[no] {""}
    }；单独开行可净得 { $alone } 元。
cli-share-none = { $park }每天承担 { $pays } 元：其乘客节省价值 { $saved } 元，扣除全部成本后净得 { $gain } 元{ $drawn ->
        [yes] （标准误差 { $error }）
       *[no] {""}
    }；单独开行不划算。
cli-share-less = { $park }每天承担 { $pays } 元：其乘客节省价值 { $saved } 元，扣除全部成本后净得 { $gain } 元{ $drawn ->
        [yes] （标准误差 { $error }）
       *[no] {""}
    }，少于单独开行的 { $alone } 元。
cli-share-boardings = { $park }每天承担 { $pays } 元，按其乘车人次分摊。
cli-summary-parking = 停车：批准 { $permits } 份申请，未批准 { $refused } 份。
cli-summary-written = 方案 { $plan } 已写入 { $path }（用时 { $seconds } 秒）。请先打开 report.html。

cli-check-passed = 方案 { $plan } 检查通过。
cli-check-failed = 方案 { $plan } 检查未通过：{ $count } 处不符。
cli-simulate-nothing = 方案里既没有班车也没有停车许可，没有可以模拟的日子。
cli-simulate-title = 方案 { $plan }，随机模拟 { $days } 天（种子 { $seed }）；括号内为 90% 区间。
cli-simulate-note = 区间的意思：另外一万个这样的日子，一列中各项均值十次有九次同时落在各自的区间内。
cli-simulate-promised = 承诺
cli-simulate-expected = 模拟
cli-simulate-demand = 人数 { $percent }
cli-simulate-speed = 车速 { $percent }
cli-simulate-served = 日均乘坐人次
cli-simulate-minutes = 每人次折算分钟
cli-simulate-left = 日均被留下人次
cli-simulate-missed = 日均误车（列车）人次
cli-simulate-objective = 综合成本（元/日）
cli-simulate-saving = 同样的日子里比什么都不做省（元/日）
cli-simulate-lots-title = 共享停车，每种夜晚随机模拟 { $days } 天（种子 { $seed }）：车主归来无位的天数占比；括号内为 99% 上限。
cli-simulate-lots-lot = 停车场
cli-simulate-lots-cars = 车辆
cli-simulate-lots-reserve = 留空
cli-simulate-lots-said = 承诺
cli-simulate-lots-as-recorded = 模拟
cli-simulate-lots-likelier = 超时概率增 20%
cli-simulate-lots-longer = 超时时长增 20%
cli-simulate-lots-recorded = 超时情况取自 parking_history.csv 的记录，重新抽取。每个停车场列出其最差的夜晚；超时车辆离开之前，车主按要求留空。
cli-simulate-lots-assumed = 没有记录：假定每百辆车有两辆超时，其中一半超过 30 分钟。每个停车场列出其最差的夜晚；超时车辆离开之前，车主按要求留空。
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
cli-districting-summary = { $areas } 个区域分为 { $groups } 组，每组都连成一片：与平均值的最大偏差为 { $percent } %，到本组中心的路程平均 { $metres } 米。{ $proof ->
        [best] 已证明没有更好的分法。
       *[open] 同样均衡的分法，路程都不会少于 { $bound } 米。
    }（用时 { $seconds } 秒）
cli-districting-uneven = 各组超出容许偏差的部分合计为平均值的 { $percent } %。{ $proof ->
        [best] 已证明不能再少。请拆分数量最多的区域，或放宽容许偏差。
       *[open] 延长搜索时间也许能再减少。
    }
cli-districting-group = 第 { $group } 组：{ $weight }，中心是{ $centre }：{ $areas }
cli-districting-areas = { $path } 里的区域不能整体使用，因此没有计算：缺少一个区域，所在的组就会有缺口。请先改正上面所说的问题。
cli-districting-few = 只有 { $areas } 个区域，不够分成 { $groups } 组。最多可分 { $areas } 组。
cli-districting-bridge = { $one }与{ $other }相距 { $metres } 米，仍算作相邻，否则各区域不能连成一片。
cli-allocation-summary = { $jobs } 项任务，{ $agents } 个承担者：总代价 { $cost }{ $proof ->
        [best] （已证明没有更低的）
       *[open] （任何方案都不会低于 { $bound }）
    }（用时 { $seconds } 秒）。
cli-allocation-no-room = 没有找到全部容纳得下的方案；最好的还缺 { $missing } 项。请延长搜索时间，或增大承担者的容量。
cli-parking-summary = { $requests } 份申请中 { $served } 份得到车位（任何方案都不会超过 { $most } 份），步行合计 { $walk } 米（同样多人得到车位时不会少于 { $least } 米）；先到先得只有 { $first } 份（用时 { $seconds } 秒）。
cli-siting-summary = 从 { $points } 个点中选 { $open } 处：总代价 { $cost }（任何方案都不会低于 { $bound }：高出 { $above } %），没有站点可用的点 { $without } 个（用时 { $seconds } 秒）。
cli-siting-open = 选中：{ $sites }
cli-siting-no-room = 没有找到全部容纳得下的方案；最好的还缺 { $customers } 个点。请延长搜索时间、多选几处或增大容量。
cli-shuttle-summary = 方案代价 { $objective } 元（什么都不开：{ $nothing } 元）；任何方案都不会低于 { $bound } 元：高出下界 { $above } %。{ $vehicles } 辆车，{ $trips } 个班次（用时 { $seconds } 秒）。
cli-routing-summary = 用车 { $vehicles } 辆，停靠 { $stops } 处：总代价 { $cost }（单位同输入文件，用时 { $seconds } 秒）。
cli-routing-missing = 没有找到能满足所有必须服务的需求的解；最好的还缺 { $missing } 项。请延长搜索时间，或核对车辆数、容量和时间是否够用。
cli-routing-route = 车辆 { $vehicle }：{ $stops }
cli-routing-left-out = 未服务：{ $stops }。以下任何一项即可：{ $enough }。
cli-routing-left-out-fits = 未服务：{ $stops }。并无阻碍：请延长求解时间。
cli-routing-left-out-no-one-thing = 未服务：{ $stops }。其他不变时，单靠任何一项都不够。
cli-routing-need-later = { $stop } 的时间窗晚结束 { $amount }
cli-routing-need-earlier = { $stop } 的时间窗早开始 { $amount }
cli-routing-need-released = 送往 { $stop } 的货早 { $amount } 备好
cli-routing-need-room = 车辆多装 { $amount }
cli-routing-need-leave = 车辆早出发 { $amount }
cli-routing-need-back = 车辆晚回来 { $amount }
cli-routing-need-duration = 车辆在外多 { $amount }
cli-routing-need-distance = 车辆多走 { $amount }
cli-routing-need-ride = 从 { $stop } 起的乘车多 { $amount }
cli-routing-need-rest = 司机休息短 { $amount }
cli-routing-need-vehicles = 与 { $vehicle } 号同样的车多 { $amount } 辆
cli-matrix-summary = { $points } 个点，{ $pairs } 对（其中 { $apart } 对不通）：道路准备 { $build } 毫秒，赋权 { $customise } 毫秒，查询 { $query } 毫秒，每秒 { $rate } 对。
cli-matrix-kind = 不认识 { $path } 的类型。文件名须以 .osm.pbf、.geojson、.txt 或 .txt.gz（纯图）结尾。
cli-matrix-plain-walk = 纯图只有一种出行方式，不是步行。请去掉 --profile。
cli-matrix-too-many = { $count } 个点太多：最多 { $most } 个，因为两两之间的时间都放在内存里。请减少点数。
cli-engine-points = { $path } 里的点不能整体使用，因此没有计算。请先改正上面所说的问题。
cli-engine-far = { $path } 第 { $row } 行离所有可用的道路都超过 { $metres } 米。请核对坐标（WGS-84），或删去这一行。
cli-matrix-no-node = { $path } 第 { $row } 行写的是节点 { $node }，而图里只有 0 到 { $last }。请核对编号。
cli-matrix-nowhere = 按这种出行方式，{ $path } 里没有可走的路。请检查文件，或换一个 --profile。
cli-reach-kind = 不认识 { $path } 的类型。文件名须以 .osm.pbf 或 .geojson 结尾。
cli-reach-plain = { $path } 是纯图：里面只有弧和长度，没有可以沿着走的街道，画不出范围。请改用提取文件（.osm.pbf）或手绘道路（.geojson）。
cli-reach-too-many = { $path } 有 { $count } 行，一次最多 { $most } 行。请把表拆开。
cli-reach-far-places = { $path }：有 { $count } 个地点离所有可用的道路都超过 { $metres } 米，第一个在第 { $row } 行。它们落在范围内时照样计数，但不会列为最近的地点。请核对坐标（WGS-84）。
cli-reach-title-walk = 步行 { $limit } 米以内：
cli-reach-title-step-free = 步行 { $limit } 米以内，不走台阶：
cli-reach-title-bus = 乘车 { $limit } 分钟以内，{ $band }：
cli-reach-free = 道路畅通时
cli-reach-am = 早高峰
cli-reach-pm = 晚高峰
cli-reach-point = 第 { $row } 行：离道路 { $joins } 米；可达 { $km2 } 平方公里（{ $ha } 公顷）。
cli-reach-point-places = 第 { $row } 行：离道路 { $joins } 米；可达 { $km2 } 平方公里（{ $ha } 公顷），{ $places } 个地点中有 { $inside } 个在范围内。
cli-reach-nowhere = 第 { $row } 行：离道路 { $joins } 米；限度以内哪里也到不了。
cli-reach-coarse = 范围太大，只能粗略画出：包括道路两侧 { $beside } 米以内。
cli-reach-near = 最近：第 { $row } 行，{ $metres } 米，{ $minutes } 分钟
cli-reach-no-more-walk = { $km } 公里以内步行到不了其他地点。
cli-reach-no-more-bus = 车辆到不了其他地点。
cli-reach-road-right = 道路：{ $name }（way { $way }），右侧，{ $metres } 米
cli-reach-road-right-unnamed = 道路：way { $way }，右侧，{ $metres } 米
cli-reach-road-left = 道路：{ $name }（way { $way }），左侧，{ $metres } 米
cli-reach-road-either = 道路：{ $name }（way { $way }），这一侧不能停（either），{ $metres } 米
cli-reach-road-either-unnamed = 道路：way { $way }，这一侧不能停（either），{ $metres } 米
cli-reach-road-left-unnamed = 道路：way { $way }，左侧，{ $metres } 米
cli-reach-no-road = { $metres } 米以内没有公交车可走的道路。
cli-scenario-unreadable = 情景文件 { $path } 读不了：{ $reason }。请按 README 的例子写成若干个 [[modification]]。
cli-scenario-failed = 情景文件的第 { $number } 个 [[modification]] 做不了：{ $reason }

cli-serve-project = 项目 { $project } 已在。
cli-serve-ready = 服务已启动：{ $url }（Ctrl-C 结束）
cli-serve-first = 第一位管理员请在 24 小时内用此一次性链接进入：{ $url }
cli-worker-ready = 开始处理任务（Ctrl-C 结束；手头的任务连同目前最好的方案放回队列）。
cli-backup-done = 已把 { $rows } 行备份到 { $path }。
cli-restore-done = 已恢复 { $rows } 行。
cli-restore-full = 数据库不是空的。加上 --replace 会用备份替换其中全部内容。

cli-too-few-changes = 在允许的变动次数内没有找到方案。
cli-nothing-in-force = 没有正在执行的方案可以参照：请把它的 plan.json 放进项目文件夹。
cli-changes = 与正在执行的方案相比共有 { $count } 处变动：站点 { $stops } 处，班次 { $departures } 处；{ $people } 人改乘其他班次或不再乘坐。变动代价 { $price } 元/日。
cli-frontier-written = 已写入 { $path }：frontier.html 供查看，frontier.json 供进一步使用。
frontier-title = 成本与变动
frontier-lead = 与正在执行的方案相比，最多改这么多处（站点新增、移动、取消；班次调整、增加、取消）时，找到的最好方案的成本。变动少的方案在放宽后同样允许，所以下一行不会比上一行更贵。
frontier-allowed = 允许变动
frontier-changes = 实际变动
frontier-objective = 综合成本（元/日）
frontier-price = 其中变动代价
frontier-running = 运营费用
frontier-served = 乘坐人数
frontier-reassigned = 改乘人数
frontier-unlimited = 不限
frontier-picture = 综合成本随变动次数的变化
frontier-none = 没有变动这么少的方案
cli-sweep-too-long = { $cells } 个方案、每个 { $seconds } 秒，约需 { $hours } 小时；批量试算最多 { $most } 小时。请减少选项，或减小 --seconds。
cli-sweep-cell = 第 { $done } 个，共 { $all } 个：{ $choices }：{ $result }
cli-sweep-stopped = 已停止：{ $all } 种组合中有 { $open } 种没有计算，表中已注明；算完的都保留。
cli-sweep-written = 已写入 { $path }：sweep.html 供查看，sweep.json 供进一步使用，并有每种组合的方案。
cli-sweep-none = 一种组合也没有算完。
sweep-title = 批量试算
sweep-lead = 每种组合一行，各为找到的最好方案。✓：（同样的需求下）没有别的行运营费用更低、乘客成本（时间、票价、辛苦）也更低。效益是“什么都不开”的综合成本减去方案的综合成本。差距是可能效益中也许还没有拿到的比例。
sweep-number = 序号
sweep-served = 乘坐人数
sweep-objective = 综合成本（元/日）
sweep-people = 其中乘客成本
sweep-running = 其中运营费用
sweep-benefit = 效益
sweep-bound = 界限
sweep-gap = 差距
sweep-changes = 变动
sweep-changes-in-force = 与现行方案相比的变动
sweep-pareto = ✓
sweep-open = 没有计算
sweep-refused = 没有方案通过检查
sweep-worth = 再加一份值多少
sweep-worth-lead = 由两个方案之差得出，因此说“约”；括号里是按界限推出的、所考察线路上最好方案之间的差。
sweep-with = { $others }时：
sweep-step-vehicle = 第 { $n } 辆{ $type }
sweep-step-vehicles = { $type }由 { $from } 辆变为 { $to } 辆，
sweep-step-money = 每天多花 { $more } 元的预算（{ $from } 变为 { $to }）
sweep-step-less-money = 每天少 { $more } 元的预算（{ $from } 变为 { $to }）
sweep-step-other = { $axis }由“{ $from }”变为“{ $to }”，
sweep-saves = 每天约省 { $about } 元
sweep-costs = 每天约多花 { $about } 元
sweep-saves-nothing = 没有省下什么
sweep-at-most = 最多 { $most } 元
sweep-at-least = 至少 { $least } 元，最多 { $most } 元
sweep-between = 在 { $least } 元与 { $most } 元之间
sweep-cannot = 不可能省下什么
sweep-riders = 多 { $people } 人乘坐
sweep-fewer-riders = 少 { $people } 人乘坐
sweep-hours = 其中 { $people } 人希望在 { $from }–{ $to } 出行
baselines-way = 方案
baselines-served = 乘坐人数
baselines-trips = 班次
baselines-vehicles = 车辆
baselines-minutes = 分钟
baselines-weighted = 加权
baselines-objective = 元/日
baselines-people = 其中出行
baselines-running = 运营
baselines-upkeep = 维护
baselines-benefit = 效益
baselines-simulated = 模拟
baselines-nothing = 不开行
baselines-even = 一条线等间隔：不值得开
baselines-even-every = 一条线，每 { $minutes } 分钟一班
baselines-staged = 分阶段
baselines-searched = 分阶段后再搜索
baselines-joint = 联合规划（jiebo plan）
baselines-note = 乘坐人数、班次：各类日子的日均。分钟：乘车的人门到门，按钟表和按权重各一列。元/日：综合成本，由出行（所有人，乘不乘车都算）、运营和维护三部分组成。效益：与不开行相比。模拟：{ $days } 个随机日子的综合成本及其 90 % 区间。
baselines-gap = 差距 { $gap } % = { $parts }
baselines-gap-terms = 元/日：综合成本 { $objective } - 界限 { $bound } = { $missed } = { $parts }；可能的效益：不开行 { $nothing } - 界限 { $bound } = { $possible }
baselines-gap-note = 搜索：没有找到，或无法证明（座位由系统分配，线路和站点不计费）。选择：人们自己选车，且留有空座。易读：线路要少，线路和站点要计费。各部分还含有前后两次搜索结果的出入，可能为负。
baselines-search = 搜索 { $value }
baselines-choice = 选择 { $value }
baselines-readability = 易读 { $value }
compare-count = 对乘客共有 { $count } 处变动：站点 { $stops } 处，班次 { $departures } 处。可公布的群体中有 { $people } 人改乘其他班次。
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

# rides on request
cli-summary-rides = 预约乘车“{ $name }”{ $hours }：{ $stops } 个站、{ $vehicles } 辆车；抽样 { $days } 天，平均每天 { $asked } 人来约，{ $served } 人乘上（{ $low } – { $high }）。
cli-summary-rides-money = 每天为他们省 { $saving } 元，花 { $cost } 元，净省 { $net } 元（{ $low } – { $high }）；来约的 { $share } % 乘上，若都在前一晚约好可做到 { $foresight } %。
compare-rides-served = 预约乘车人次（每天，各服务日平均）
compare-rides-cost = 预约乘车费用（每天，各服务日平均）
