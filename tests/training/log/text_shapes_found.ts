import type { TextShape } from "./text_shapes.ts";

/** More shapes: those of which some number was once misread. */
export const FOUND_SHAPES: readonly TextShape[] = [
  {
    tool: "values parted by bars",
    text: `Epoch 001 loss  22.0703 | train 2.5s
Epoch 002 loss  14.7907 | train 2.2s | Acc 13.52% | infer 4.5s
Epoch 003 loss  11.8199 | train 2.2s
`,
    steps: [1, 2, 3],
    metrics: {
      loss: [22.0703, 14.7907, 11.8199],
      Acc: [undefined, 13.52, undefined],
      "train (s)": [2.5, 2.2, 2.2],
      "infer (s)": [undefined, 4.5, undefined],
    },
  },
  {
    tool: "HER of OpenAI Baselines",
    text: `------------------------------------
| epoch              | 0           |
| stats_g/mean       | 0.8444305   |
| test/success_rate  | 0.0         |
------------------------------------
New best success rate: 0.0. Saving policy to /tmp/openai/policy_best.pkl ...
------------------------------------
| epoch              | 1           |
| stats_g/mean       | 0.8464336   |
| test/success_rate  | 0.1         |
------------------------------------
------------------------------------
| epoch              | 2           |
| stats_g/mean       | 0.8462791   |
| test/success_rate  | 0.25        |
------------------------------------
New best success rate: 0.25. Saving policy to /tmp/openai/policy_best.pkl ...
`,
    steps: [0, 1, 2],
    metrics: {
      "stats_g/mean": [0.8444305, 0.8464336, 0.8462791],
      "test/success_rate": [0, 0.1, 0.25],
      "New best success rate": [0, undefined, 0.25],
    },
  },
  {
    tool: "torchtune's bar",
    text: `1|1|Loss: 2.26:   1%|1         | 1/100 [00:01<02:00,  1.2s/it]
1|2|Loss: 2.10:   2%|2         | 2/100 [00:02<02:00,  1.2s/it]
2|51|Loss: 1.01:   12%|#2        | 12/100 [00:03<02:00,  1.2s/it]
`,
    steps: [1, 2, 51],
    metrics: { Loss: [2.26, 2.1, 1.01] },
  },
  {
    tool: "PredNet in Paddle",
    text: `Starting epoch 0 current lr is 0.001
Epoch 0, Step 25, total used time 11.66 (s), avg loss so far is 0.0741
Epoch 0, Step 50, total used time 18.76 (s), avg loss so far is 0.0529
Epoch 0, val loss is 0.0352, val mse is 0.0142.
Epoch 1, Step 25, total used time 41.06 (s), avg loss so far is 0.0284
Epoch 1, Step 50, total used time 48.76 (s), avg loss so far is 0.0279
`,
    steps: [25, 50, 75, 100],
    metrics: {
      "avg loss so far": [0.0741, 0.0529, 0.0284, 0.0279],
      "total used time": [11.66, 18.76, 41.06, 48.76],
      "val loss": [undefined, 0.0352, undefined, undefined],
      "val mse": [undefined, 0.0142, undefined, undefined],
    },
  },
  {
    tool: "LeRobot",
    text: `INFO 2026-01-12 10:55:06 ot_train.py:357 step:600 smpl:19K ep:61 epch:1.52 loss:1.771
INFO 2026-01-12 10:57:03 ot_train.py:357 step:800 smpl:26K ep:81 epch:2.02 loss:1.467
INFO 2026-01-12 10:58:46 ot_train.py:357 step:1K smpl:32K ep:101 epch:2.53 loss:1.226
INFO 2026-01-12 11:00:42 ot_train.py:357 step:1K smpl:38K ep:121 epch:3.04 loss:1.019
INFO 2026-01-12 11:00:43 ot_train.py:367 Checkpoint policy after step 1200
INFO 2026-01-12 11:02:24 ot_train.py:357 step:1K smpl:45K ep:142 epch:3.54 loss:0.853
INFO 2026-01-12 11:04:21 ot_train.py:357 step:2K smpl:51K ep:1K epch:4.05 loss:0.715
`,
    steps: [600, 800, 1000, 1200, 1400, 1600],
    metrics: {
      "smpl (K)": [19, 26, 32, 38, 45, 51],
      epch: [1.52, 2.02, 2.53, 3.04, 3.54, 4.05],
      loss: [1.771, 1.467, 1.226, 1.019, 0.853, 0.715],
    },
  },
  {
    tool: "Caffe",
    text:
      `I0728 23:55:39.066728  4259 solver.cpp:218] Iteration 0 (-1.02e-37 iter/s, 0.199s/100 iters), loss = 2.25
I0728 23:55:39.066838  4259 sgd_solver.cpp:105] Iteration 0, lr = 0.01
I0728 23:56:00.280272  4259 solver.cpp:218] Iteration 100 (4.71 iter/s, 21.2s/100 iters), loss = 0.5
I0728 23:56:00.280395  4259 sgd_solver.cpp:105] Iteration 100, lr = 0.0099
I0728 23:56:21.280395  4259 solver.cpp:397]     Test net output #0: accuracy = 0.9654
I0728 23:56:21.280395  4259 solver.cpp:397]     Test net output #1: loss = 0.1054 (* 1 = 0.1054 loss)
`,
    steps: [0, 100],
    metrics: {
      loss: [2.25, 0.5],
      "test/loss": [undefined, 0.1054],
      "loss (2)": [undefined, 0.1054],
      lr: [0.01, 0.0099],
      accuracy: [undefined, 0.9654],
    },
  },
  {
    tool: "CycleGAN",
    text: `================ Training Loss (Mon Jun 12 10:00:00 2023) ================
(epoch: 1, iters: 100, time: 0.276, data: 0.204) G_GAN: 1.540 G_L1: 25.231 D_real: 0.512
(epoch: 1, iters: 200, time: 0.270, data: 0.004) G_GAN: 1.640 G_L1: 22.231 D_real: 0.412
(epoch: 2, iters: 100, time: 0.276, data: 0.204) G_GAN: 1.340 G_L1: 21.231 D_real: 0.312
`,
    steps: [100, 200, 300],
    metrics: {
      time: [0.276, 0.27, 0.276],
      data: [0.204, 0.004, 0.204],
      G_GAN: [1.54, 1.64, 1.34],
      G_L1: [25.231, 22.231, 21.231],
      D_real: [0.512, 0.412, 0.312],
    },
  },
  {
    tool: "PyTorch's CIFAR tutorial",
    text: `[1,  2000] loss: 2.236
[1,  4000] loss: 1.852
[2,  2000] loss: 1.401
[2,  4000] loss: 1.376
`,
    steps: [2000, 4000, 6000, 8000],
    metrics: { loss: [2.236, 1.852, 1.401, 1.376] },
  },
  {
    tool: "PGAN",
    text: `[0 :    100] loss G : 614.970 loss D : 750532.237
[0 :    200] loss G : 1535.155 loss D : 322471.667
[1 :    100] loss G : 516.234 loss D : -12.5
`,
    steps: [100, 200, 300],
    metrics: {
      "loss G": [614.97, 1535.155, 516.234],
      "loss D": [750532.237, 322471.667, -12.5],
    },
  },
  {
    tool: "MMEngine, after its configuration",
    text: `dataset_info=dict({
        0: dict(name='left_eye', id=0, color=[51, 153, 255], swap=''),
        17:
        dict(name='right_eye', id=17, color=[70, 130, 180], swap=''),
    }),
2023/06/05 20:10:13 - mmengine - INFO - Epoch(train)   [1][1/2]  loss: 0.42  acc_pose: 0.007
2023/06/05 20:10:22 - mmengine - INFO - Epoch(train)   [1][2/2]  loss: 0.40  acc_pose: 0.010
2023/06/05 20:10:40 - mmengine - INFO - Epoch(val) [1][2/2]    coco/AP: 0.25  coco/AP .5: 0.5  coco/AP (M): -1
2023/06/05 20:10:50 - mmengine - INFO - Epoch(train)   [2][1/2]  loss: 0.39  acc_pose: 0.020
`,
    steps: [1, 2, 3],
    metrics: {
      loss: [0.42, 0.4, 0.39],
      acc_pose: [0.007, 0.01, 0.02],
      "coco/AP": [undefined, 0.25, undefined],
      "coco/AP .5": [undefined, 0.5, undefined],
      "coco/AP (M)": [undefined, -1, undefined],
    },
  },
  {
    tool: "pycocotools",
    text: `Epoch: [0] Total time: 0:12:32
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.331
 Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.561
Epoch: [1] Total time: 0:12:31
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.351
 Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.581
`,
    steps: [0, 1],
    metrics: {
      "Average Precision (AP) @[ IoU=0.50:0.95 | area= all | maxDets=100 ]": [0.331, 0.351],
      "Average Precision (AP) @[ IoU=0.50 | area= all | maxDets=100 ]": [0.561, 0.581],
    },
  },
  {
    tool: "names with numbers in them",
    text:
      `step 1: loss 1: 0.5  loss 2: 0.6 hits @ 10 = 0.3, dice: 0.8 @ (0.6, 3000) acc 0.7, acc 0.9
step 2: loss 1: 0.4  loss 2: 0.5 hits @ 10 = 0.4, dice: 0.9 @ (0.5, 3500) acc 0.8, acc 0.95
`,
    steps: [1, 2],
    metrics: {
      "loss 1": [0.5, 0.4],
      "loss 2": [0.6, 0.5],
      "hits @ 10": [0.3, 0.4],
      dice: [0.8, 0.9],
      "dice @[0]": [0.6, 0.5],
      "dice @[1]": [3000, 3500],
      acc: [0.7, 0.8],
      "acc (2)": [0.9, 0.95],
    },
  },
  {
    tool: "PyTorch's transfer learning tutorial",
    text: `Epoch 0/1
----------
train Loss: 0.5923 Acc: 0.6885
val Loss: 0.2347 Acc: 0.9216

Epoch 1/1
----------
train Loss: 0.5101 Acc: 0.7377
val Loss: 0.2201 Acc: 0.9346
`,
    steps: [0, 1],
    metrics: {
      "train Loss": [0.5923, 0.5101],
      "val Loss": [0.2347, 0.2201],
      "train/Acc": [0.6885, 0.7377],
      "val/Acc": [0.9216, 0.9346],
    },
  },
  {
    tool: "PyTorch's word language model",
    text: `| epoch   1 |   200/ 2928 batches | lr 5.00 | ms/batch  8.12 | loss  8.10 | ppl  3300.12
| epoch   1 |   400/ 2928 batches | lr 5.00 | ms/batch  8.10 | loss  6.10 | ppl   440.12
`,
    steps: [200, 400],
    metrics: {
      lr: [5, 5],
      "ms/batch": [8.12, 8.1],
      loss: [8.1, 6.1],
      ppl: [3300.12, 440.12],
    },
  },
  {
    tool: "PyTorch's DCGAN",
    text: `[0/2][0/100]\tLoss_D: 1.7\tLoss_G: 5.2\tD(x): 0.5\tD(G(z)): 0.6 / 0.01
[0/2][50/100]\tLoss_D: 0.7\tLoss_G: 6.2\tD(x): 0.6\tD(G(z)): 0.3 / 0.02
[1/2][0/100]\tLoss_D: 0.5\tLoss_G: 4.2\tD(x): 0.7\tD(G(z)): 0.2 / 0.03
`,
    steps: [0, 50, 100],
    metrics: {
      "Loss_D": [1.7, 0.7, 0.5],
      "Loss_G": [5.2, 6.2, 4.2],
      "D(x)": [0.5, 0.6, 0.7],
      "D(G(z))": [0.6, 0.3, 0.2],
      "D(G(z)) total": [0.01, 0.02, 0.03],
    },
  },
  {
    tool: "Python's logging",
    text: "INFO:root:epoch=0 loss=1.25\nINFO:root:epoch=1 loss=1.5\n",
    steps: [0, 1],
    metrics: { loss: [1.25, 1.5] },
  },
  {
    tool: "a bar and what follows it",
    text: `Epoch 0: 100%|####| 10/10 [00:01<00:00,  7.5it/s, loss=0.5]
Epoch 0: train_loss 0.55, val_loss 0.61
Epoch 1: 100%|####| 10/10 [00:01<00:00,  7.5it/s, loss=0.4]
Epoch 1: train_loss 0.45, val_loss 0.51
`,
    steps: [10, 20],
    metrics: { loss: [0.5, 0.4], train_loss: [0.55, 0.45], val_loss: [0.61, 0.51] },
  },
  {
    tool: "two counters",
    text: "[it 1] step=1024 | EpRew=0.5\n[it 2] step=2048 | EpRew=0.7\n",
    steps: [1, 2],
    metrics: { step: [1024, 2048], EpRew: [0.5, 0.7] },
  },
  { tool: "a table", text: "iter loss\n0 1\n1 2\n", steps: [0, 1], metrics: { loss: [1, 2] } },
  {
    tool: "a notebook",
    text: "| Step | Training Loss |\n|------|---------------|\n| 10   | 0.5   |\n| 20 | 0.25 |\n",
    steps: [10, 20],
    metrics: { "Training Loss": [0.5, 0.25] },
  },
  {
    tool: "Ray Tune's blocks, whose step comes last",
    text: `== Status ==
Result for PPO_CartPole-v1_1f0b5_00000:
  counters:
    num_env_steps_sampled: 4000
  custom_metrics: {}
  date: 2022-07-27_15-41-01
  done: false
  episode_reward_mean: 22.5
  hist_stats:
    episode_reward:
    - 10.0
    - 35.0
  info:
    learner:
      default_policy:
        learner_stats:
          entropy: 0.66
          kl: .nan
    num_env_steps_trained: 4000
  node_ip: 127.0.0.1
  training_iteration: 1
  trial_id: 1f0b5_00000

== Status ==
Memory usage on this node: 8.3/32.0 GiB
Result for PPO_CartPole-v1_1f0b5_00000:
  counters:
    num_env_steps_sampled: 8000
  custom_metrics: {}
  date: 2022-07-27_15-41-09
  done: true
  episode_reward_mean: 42.5
  hist_stats:
    episode_reward:
    - 40.0
    - 45.0
  info:
    learner:
      default_policy:
        learner_stats:
          entropy: 0.61
          kl: 0.0125
    num_env_steps_trained: 8000
  node_ip: 127.0.0.1
  training_iteration: 2
  trial_id: 1f0b5_00000
`,
    steps: [1, 2],
    metrics: {
      "Memory usage on this node": [8.3, undefined],
      "Memory usage on this node total (GiB)": [32, undefined],
      "counters.num_env_steps_sampled": [4000, 8000],
      done: [0, 1],
      episode_reward_mean: [22.5, 42.5],
      "hist_stats.episode_reward[0]": [10, 40],
      "hist_stats.episode_reward[1]": [35, 45],
      "info.learner.default_policy.learner_stats.entropy": [0.66, 0.61],
      "info.learner.default_policy.learner_stats.kl": [NaN, 0.0125],
      "info.num_env_steps_trained": [4000, 8000],
    },
  },
  {
    tool: "ESPnet2's ranges of batches",
    text: `[gpu01:0/2] 2020-07-19 08:40:04,080 (trainer:192) INFO: 1/30epoch started
[gpu01:0/2] 2020-07-19 08:49:04,080 (trainer:464) INFO: 1epoch:train:1-682batch: loss=123.5, acc=0.013
[gpu01:0/2] 2020-07-19 08:54:09,601 (trainer:464) INFO: 1epoch:train:683-1364batch: loss=68.5, acc=0.125
[gpu01:0/2] 2020-07-19 09:59:15,042 (trainer:400) INFO: 1epoch results: [valid] cer=60.5, time=2 minutes and 3.5 seconds
[gpu01:0/2] 2020-07-19 10:00:04,080 (trainer:192) INFO: 2/30epoch started. Estimated time to finish: 31 minutes and 58.52 seconds
[gpu01:0/2] 2020-07-19 10:09:04,080 (trainer:464) INFO: 2epoch:train:1-682batch: loss=53.5, acc=0.213
`,
    steps: [682, 1364, 2046],
    metrics: {
      loss: [123.5, 68.5, 53.5],
      acc: [0.013, 0.125, 0.213],
      cer: [undefined, 60.5, undefined],
    },
  },
  {
    tool: "NeMo, whose logger says its line in brackets",
    text: `[NeMo I 2025-01-29 20:11:01 nemo_logging:381] Experiments will be logged
Training epoch 0, iteration 120/149 | reduced_train_loss: 1.25 | val_loss: 4.5
[NeMo W 2025-01-29 20:12:01 nemo_logging:405] Async checkpoint save finalized
Training epoch 0, iteration 121/149 | reduced_train_loss: 1.5 | val_loss: 4.25
`,
    steps: [120, 121],
    metrics: { reduced_train_loss: [1.25, 1.5], val_loss: [4.5, 4.25] },
  },
];
